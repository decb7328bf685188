"""JSON Lines of the exchange format."""

from __future__ import annotations

import json
import math
from typing import Any

from django.utils.translation import gettext as _

from platforms.records import check_platform
from zhongshi.core.errors import InvalidInput
from zhongshi.core.parsers import is_storable

from .causes import Cause
from .model import MAX_ROWS, Problem, Unit, too_many_rows, unusable


def units_of_lines(text: str) -> list[Unit]:
    """One unit a line that is not blank. Raises InvalidInput where not one line is a JSON object."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    if len(lines) > MAX_ROWS:
        raise too_many_rows()
    units = [_unit(number, line) for number, line in lines]
    if all(_is_broken(unit) for unit in units):
        raise unusable(_("The file is not JSON Lines: no line is a JSON object of its own."))
    return units


_BROKEN = "json"


def _is_broken(unit: Unit) -> bool:
    return unit.record is None and unit.problems[0].column == _BROKEN


def _unit(number: int, line: str) -> Unit:
    try:
        record = json.loads(line, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return _refused(number, {_BROKEN: [_("Is not JSON.")]})
    if not isinstance(record, dict):
        return _refused(number, {_BROKEN: [_("Is not a JSON object.")]})
    if not _can_be_stored(record):
        return _refused(number, {"": [_("Has characters or numbers that cannot be stored.")]})
    try:
        check_platform(record)
    except InvalidInput as refusal:
        return _refused(number, refusal.errors or {"": [refusal.detail]})
    return Unit(rows=(number,), record=record, is_whole=True)


def _refused(number: int, errors: Any) -> Unit:
    problems = tuple(
        Problem(row=number, column=column, problem=str(text), cause=_cause(column))
        for column, texts in errors.items()
        for text in texts
    )
    return Unit(rows=(number,), record=None, is_whole=True, problems=problems)


def _cause(column: str) -> Cause:
    if column == _BROKEN:
        return Cause.BROKEN
    return Cause.UNIT if column.endswith(".unit") else Cause.OTHER


def _refuse(word: str) -> None:
    raise ValueError(word)


def _can_be_stored(value: Any) -> bool:
    if isinstance(value, str):
        return is_storable(value)
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, dict):
        return all(_can_be_stored(key) and _can_be_stored(part) for key, part in value.items())
    return all(map(_can_be_stored, value)) if isinstance(value, list) else True
