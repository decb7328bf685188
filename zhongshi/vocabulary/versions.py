"""Which state of the vocabulary the rows are in: one question for whoever keeps something made from them."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from zhongshi.core.moments import once

# Rows are edited and deleted by hand: the newest time tells of the one, the number of rows of the other.
_STATE = """
SELECT (SELECT count(*) FROM vocabulary_term), (SELECT max(updated_at) FROM vocabulary_term),
       (SELECT count(*) FROM vocabulary_synonym), (SELECT max(updated_at) FROM vocabulary_synonym)
"""
Version = tuple[int, datetime | None, int, datetime | None]


@once
def vocabulary_version() -> Version | None:
    """The version of terms and synonyms, to be compared only; None where no vocabulary was loaded yet."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        row = cursor.fetchone()
    return (row[0], row[1], row[2], row[3]) if row and row[0] else None
