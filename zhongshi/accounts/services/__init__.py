"""What changes accounts and organizations."""
