"""All rows of a few platforms as they stand, to be compared and to be put back exactly."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models

from platforms.enums import FactSource
from platforms.models import Capability, Certificate, Equipment, Fact, FreePeriod, Platform

Rows = list[dict[str, Any]]
Snapshot = dict[str, Rows]
# From the platform down, the order in which rows can be written; with the column that says whose they are.
TABLES: dict[str, tuple[type[models.Model], str]] = {
    "platform": (Platform, "id"),
    "certificate": (Certificate, "platform_id"),
    "capability": (Capability, "platform_id"),
    "fact": (Fact, "capability_id"),
    "free_period": (FreePeriod, "capability_id"),
    "equipment": (Equipment, "capability_id"),
}
# What moves without anybody changing what a listing says: reviews, the clock, and days that pass.
_MOVING = {
    "status",
    "status_changed_at",
    "version",
    "updated_at",
    "dated_on",
    "is_lapsed",
    "checked_by",
    "published_by",
}
_WITH_STATUS = ("platform", "capability", "certificate")
_STATUS = ("status", "status_changed_at")


def take(platforms: Collection[int]) -> dict[int, Snapshot]:
    """Every row of each platform that exists, column by column, as JSON can hold it; six queries.

    No query joins. The rows were written a moment ago in this transaction, and statistics that do not know them yet
    (`reltuples` 0) make PostgreSQL join them by nested loops over whole tables: minutes instead of milliseconds.
    """
    found: dict[int, Snapshot] = defaultdict(lambda: {name: [] for name in TABLES})
    by_capability: dict[int, int] = {}
    for name, (model, column) in TABLES.items():
        owners = by_capability if column == "capability_id" else platforms
        for row in _rows(model, column, owners):
            key = row[column]
            platform = by_capability[key] if column == "capability_id" else key
            if model is Capability:
                by_capability[row["id"]] = platform
            found[platform][name].append({field: _plain(value) for field, value in row.items()})
    return dict(found)


def _rows(model: Any, column: str, owners: Collection[int]) -> Iterable[dict[str, Any]]:
    columns = [field.attname for field in model._meta.concrete_fields]  # noqa: SLF001
    owned = model._default_manager.filter(**{f"{column}__in": list(owners)})  # noqa: SLF001
    return owned.order_by("pk").values(*columns)  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    # Not Django's encoder: it cuts off microseconds.
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def digest_of(snapshot: Snapshot) -> str:
    """Equal for two snapshots that say the same: neither who reviewed a listing nor what was read from it counts."""
    stated = {
        name: [_stated(row) for row in rows if row.get("source") != FactSource.READ] for name, rows in snapshot.items()
    }
    return hashlib.sha256(json.dumps(stated, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _stated(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name.removesuffix("_id") not in _MOVING}


def to_undo(before: Snapshot, after: Snapshot) -> dict[str, Any]:
    """What an import's change keeps: the rows as they were, and the statuses the import left, by primary key."""
    left = {name: {row["id"]: row["status"] for row in after[name]} for name in _WITH_STATUS}
    return {
        "rows": before,
        "left": {name: [[pk, status] for pk, status in found.items()] for name, found in left.items()},
    }


def as_left(kept: dict[str, Any], now: Snapshot) -> Snapshot:
    """The rows to put back; a status that somebody has given since the import stays."""
    rows: Snapshot = dict(kept["rows"])
    for name in _WITH_STATUS:
        left = dict(kept["left"][name])
        held = {row["id"]: row for row in now[name]}
        moved = {pk for pk, row in held.items() if pk in left and row["status"] != left[pk]}
        rows[name] = [
            row | {column: held[row["id"]][column] for column in _STATUS} if row["id"] in moved else row
            for row in rows[name]
        ]
    return rows


def put_back(snapshots: Iterable[tuple[Snapshot, Snapshot]], *, version: int) -> None:
    """Make the rows what they were: pairs of (as they were, as they are). Capabilities carry `version` from now on.

    The status is put back with the rest: undoing is no step of a listing's life, and is audited as what it is.
    """
    pairs = list(snapshots)
    for name in reversed(TABLES):
        _delete(name, pairs)
    for name, (model, _) in TABLES.items():
        _write(model, [row for old, now in pairs for row in _differing(name, old, now)], pairs, name, version)


def _ids(name: str, snapshot: Snapshot) -> set[int]:
    return {row["id"] for row in snapshot[name]}


def _delete(name: str, pairs: list[tuple[Snapshot, Snapshot]]) -> None:
    gone = [pk for old, now in pairs for pk in _ids(name, now) - _ids(name, old)]
    if gone:
        model: Any = TABLES[name][0]
        model._default_manager.filter(pk__in=gone).delete()  # noqa: SLF001


def _differing(name: str, old: Snapshot, now: Snapshot) -> Rows:
    held = {row["id"]: row for row in now[name]}
    # All capabilities are written: each shows the change by its version.
    return [row for row in old[name] if name == "capability" or held.get(row["id"]) != row]


def _write(model: Any, rows: Rows, pairs: list[tuple[Snapshot, Snapshot]], name: str, version: int) -> None:
    held = {pk for _, now in pairs for pk in _ids(name, now)}
    made = [_row(model, row) for row in rows]
    if name == "capability":
        for row in made:
            row.version = version
    manager = model._default_manager  # noqa: SLF001
    manager.bulk_create([row for row in made if row.pk not in held])
    columns = [column.name for column in model._meta.concrete_fields if not column.primary_key]  # noqa: SLF001
    # The new ones as well: creating stamps them with today's time.
    again = [_row(model, row) for row in rows]
    for row in again:
        if name == "capability":
            row.version = version
    manager.bulk_update(again, columns, batch_size=200)


def _row(model: Any, values: dict[str, Any]) -> Any:
    columns = {column.attname: column for column in model._meta.concrete_fields}  # noqa: SLF001
    # A column that came since keeps what it is made with.
    return model(**{name: columns[name].to_python(value) for name, value in values.items() if name in columns})
