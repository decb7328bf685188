"""Counters that hold over processes and restarts: one statement each, so that what comes at once is counted too.

They live in PostgreSQL. A counter in a web process is multiplied by the number of processes and gone with them; one
in Redis is gone with a FLUSHALL and would put Redis on the path of every request.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from django.db import connection

# A lost count after a crash of the database is no harm, so nobody waits for the disk.
_QUICK = "WITH quick AS (SELECT set_config('synchronous_commit', 'off', true)) "
# The cell rate algorithm: each act moves the time at which the budget is full again on by period / rate, and is
# refused where that would lie further ahead than one period. The row's lock makes those who come at once queue.
_SPEND = (
    _QUICK
    + """
INSERT INTO accounts_ratebudget AS budget (key, spent_until)
SELECT %(key)s, clock_timestamp() + %(step)s * interval '1 second' FROM quick
ON CONFLICT (key) DO UPDATE
SET spent_until = greatest(budget.spent_until, clock_timestamp()) + %(step)s * interval '1 second'
WHERE budget.spent_until + %(step)s * interval '1 second' <= clock_timestamp() + %(period)s * interval '1 second'
RETURNING 1
"""
)
_REFILLED = """
SELECT extract(epoch FROM spent_until - clock_timestamp()) + %(step)s - %(period)s
FROM accounts_ratebudget WHERE key = %(key)s
"""
_TRY = (
    _QUICK
    + """
INSERT INTO accounts_signinpause AS pause (key, tries, until, tried_at)
SELECT %(key)s, 1, clock_timestamp(), clock_timestamp() FROM quick
ON CONFLICT (key) DO UPDATE SET
    tries = CASE WHEN pause.tried_at < clock_timestamp() - interval '1 day' THEN 1 ELSE pause.tries + 1 END,
    until = clock_timestamp() + CASE
        WHEN pause.tried_at < clock_timestamp() - interval '1 day' OR pause.tries + 1 < %(free)s THEN interval '0'
        ELSE least(power(2, least(pause.tries + 2 - %(free)s, 20)), %(most)s) * interval '1 second' END,
    tried_at = clock_timestamp()
WHERE pause.until <= clock_timestamp()
RETURNING 1
"""
)
_PAUSED = "SELECT extract(epoch FROM until - clock_timestamp()) FROM accounts_signinpause WHERE key = %(key)s"
# The fifth wrong password in a row makes the next one wait 2 seconds, each further one twice as long.
FREE_TRIES, LONGEST_PAUSE = 5, 900


def budget_spend(name: str, *, rate: int, period: int) -> float | None:
    """Take one of `rate` in `period` seconds; None, or the seconds until there is one again.

    At most `rate` at once, then one every `period` / `rate` seconds, whichever process counts.
    """
    step = period / rate
    # A hair of room: `rate` steps of a fraction may come out a microsecond above the period.
    return _taken(_SPEND, _REFILLED, {"key": _digest(name), "step": step, "period": period + step / 1000})


def pause_check(account: str) -> float | None:
    """Count a try to sign in, as a failed one until `pause_end` says otherwise; None, or the seconds to wait."""
    return _taken(_TRY, _PAUSED, {"key": _digest(account), "free": FREE_TRIES, "most": LONGEST_PAUSE})


def pause_end(account: str) -> None:
    """Forget the tries: the password was right."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_signinpause WHERE key = %s", [_digest(account)])


def _taken(take: str, ask: str, given: Mapping[str, str | float]) -> float | None:
    with connection.cursor() as cursor:
        cursor.execute(take, given)
        if cursor.fetchone():
            return None
        cursor.execute(ask, given)
        row = cursor.fetchone()
    return max(0.001, float(row[0])) if row else 0.001


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
