"""The catalogue over HTTP, and imports into it."""
