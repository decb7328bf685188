"""Which backups stay: the newest of each of the last days, weeks and months."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from .manifests import all_in, path_of


@dataclass(frozen=True, slots=True)
class Keep:
    """How many days, weeks and months have a backup kept; those without any do not count."""

    days: int = 7
    weeks: int = 4
    months: int = 12


def kept(times: Iterable[datetime], keep: Keep) -> set[datetime]:
    """Return those of `times` that stay; the newest of all always does."""
    newest_first = sorted(times, reverse=True)
    rules: list[tuple[int, Callable[[datetime], tuple[int, ...]]]] = [
        (keep.days, lambda time: (time.year, time.month, time.day)),
        (keep.weeks, lambda time: tuple(time.isocalendar()[:2])),
        (keep.months, lambda time: (time.year, time.month)),
    ]
    stay = set(newest_first[:1])
    for count, period in rules:
        seen: dict[tuple[int, ...], datetime] = {}
        for time in newest_first:
            seen.setdefault(period(time), time)
        stay |= set(list(seen.values())[:count])
    return stay


def rotate(folder: Path, keep: Keep) -> list[str]:
    """Delete the finished backups that need not stay; returns their names. Other files are left alone."""
    manifests = all_in(folder)
    stay = kept((manifest.made for manifest in manifests), keep)
    gone = [manifest.file for manifest in manifests if manifest.made not in stay]
    for name in gone:
        # The manifest first: what is left of an interrupted deletion is then an unfinished backup, not a broken one.
        path_of(folder / name).unlink()
        (folder / name).unlink()
    return gone
