"""Pages where need and platform meet."""
