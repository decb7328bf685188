"""Finding and masking somebody's name, numbers and addresses in the words people wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import apps
from django.db.models import CharField, F, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast

from .columns import WRITTEN, Written

HIDDEN = "＊"
LEAST = 2
# Notices to others, and what is owed to them, call the person by the whole name.
NAMING = frozenset({"core.Notification", "core.OutboxEvent"})


def mask_all(marks: Sequence[str], *, name: str, user_pk: int) -> int:
    """Mask `marks` (addresses, numbers) wherever people wrote them, and `name` in what the person wrote; how many rows.

    Every letter becomes one sign, so that places counted in a text stay where they are.
    """
    changed = 0
    for label, written in WRITTEN.items():
        model = apps.get_model(label)
        changed += _mask(model, written.columns, _rows(model, written.columns, marks), marks)
        if written.authors and len(name) >= LEAST:
            rows = _rows(model, written.columns, [name]).filter(is_written(written, user_pk))
            changed += _mask(model, written.columns, rows, [name])
        if label in NAMING and len(name) >= LEAST:
            changed += _mask(model, written.columns, _rows(model, written.columns, [name]), [name])
    return changed


def _rows(model: type[Model], columns: Iterable[str], marks: Sequence[str]) -> QuerySet[Any]:
    found = Q(pk__in=[])
    words = {f"words_of_{column}": _as_text(model, column) for column in columns}
    for alias in words:
        for mark in marks:
            found |= Q(**{f"{alias}__icontains": mark})
    rows: QuerySet[Any] = model._base_manager.annotate(**words).filter(found)  # noqa: SLF001
    return rows


def _as_text(model: type[Model], column: str) -> Any:
    field = model._meta.get_field(column)  # noqa: SLF001
    return F(column) if isinstance(field, CharField | TextField) else Cast(column, TextField())


def _mask(model: type[Model], columns: Sequence[str], rows: QuerySet[Any], marks: Sequence[str]) -> int:
    changed = 0
    for row in rows.values("pk", *columns):
        new = {column: masked(row[column], marks) for column in columns}
        differing = {column: value for column, value in new.items() if value != row[column]}
        if differing:
            changed += model._base_manager.filter(pk=row["pk"]).update(**differing)  # noqa: SLF001
    return changed


def masked(value: Any, marks: Sequence[str]) -> Any:
    """Return text, or the texts of a JSON value, with each of `marks` replaced letter by letter; keys as well."""
    if isinstance(value, str):
        for mark in marks:
            value = re.sub(re.escape(mark), HIDDEN * len(mark), value, flags=re.IGNORECASE)
        return value
    if isinstance(value, list):
        return [masked(part, marks) for part in value]
    if isinstance(value, dict):
        return {masked(key, marks): masked(part, marks) for key, part in value.items()}
    return value


def is_written(written: Written, user_pk: int) -> Q:
    """Rows of a table that this person wrote."""
    return Q(*((author, user_pk) for author in written.authors), _connector=Q.OR)
