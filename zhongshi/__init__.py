"""The project: ground floor (`core`, `accounts`, `vocabulary`) and top storey (`urls`, `celery`, `settings`)."""
