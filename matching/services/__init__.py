"""What changes matches."""
