"""Backups of the database: `python -m zhongshi.backup make|every|list|verify|fresh|restore`. See docs/backup.md."""
