"""Seven days, four weeks, twelve months; the newest always."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from zhongshi.backup import manifests
from zhongshi.backup.manifests import Manifest
from zhongshi.backup.rotation import Keep, kept, rotate

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_two_years_of_nights_become_days_weeks_and_months() -> None:
    nights = [NOON - timedelta(days=day) for day in range(730)]
    stay = sorted(kept(nights, Keep()), reverse=True)

    assert stay[:7] == nights[:7]
    # Weeks end on Sundays: 15 and 8 and 1 November, besides the running one.
    assert {time.date().isoformat() for time in stay} >= {"2026-11-15", "2026-11-08", "2026-11-01"}
    assert {(time.year, time.month) for time in stay} == {(2026, month) for month in range(1, 12)} | {(2025, 12)}
    assert len(stay) == 20


def test_of_several_a_day_the_last_stays() -> None:
    day = [NOON + timedelta(hours=hour) for hour in range(6)]

    assert kept(day, Keep()) == {day[-1]}


def test_the_newest_stays_whatever_is_asked() -> None:
    assert kept([NOON, NOON - timedelta(days=1)], Keep(0, 0, 0)) == {NOON}
    assert kept([], Keep()) == set()


def backup(folder: Path, made: datetime) -> str:
    """A finished backup of that time with nothing in it."""
    stamp = made.strftime(manifests.STAMP)
    dump = folder / f"zhongshi-{stamp}.dump"
    dump.write_bytes(b"")
    one = Manifest(dump.name, stamp, "", 15, 0, manifests.digest(dump), [], {})
    manifests.path_of(dump).write_text(json.dumps(asdict(one)))
    return dump.name


def test_rotation_deletes_pairs_and_nothing_else(tmp_path: Path) -> None:
    names = [backup(tmp_path, NOON - timedelta(days=day)) for day in range(3)]
    (tmp_path / "zhongshi-unfinished.dump").touch()
    (tmp_path / "notes.json").touch()
    gone = rotate(tmp_path, Keep(2, 0, 0))

    assert gone == [names[2]]
    left = {file.name for file in tmp_path.iterdir()}
    dumps = {name for name in left if name.endswith(".dump")}
    assert dumps == {names[0], names[1], "zhongshi-unfinished.dump"}
    assert "notes.json" in left
    assert len(left) == 6
