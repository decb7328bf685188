"""Backups, with a real PostgreSQL on both sides."""
