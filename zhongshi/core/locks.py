"""Advisory locks of PostgreSQL, by name."""

from django.db import connection

_NAMES = {"vocabulary": 1, "import": 2, "rules": 3, "learned forms": 4}


def hold(name: str, key: int = 0) -> None:
    """Wait for the lock `name` (one per `key`) and hold it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_NAMES[name], key])
