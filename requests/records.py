"""Conditions between the wire and the tables: checked on the way in, the same shape on the way out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from zhongshi.core.errors import InvalidInput
from zhongshi.vocabulary.enums import ConditionKind, Operator
from zhongshi.vocabulary.units import unit_problem

from .enums import ConditionOrigin
from .models import Condition

MAX_CONDITIONS = 60
MAX_WORD = 40
MAX_POSITION = 1_000_000
NUMERIC = frozenset({ConditionKind.PARAMETER, ConditionKind.BUDGET, ConditionKind.DURATION})
WINDOW_KEYS = ("earliest_start", "latest_start", "weeks")
_COLUMNS = frozenset(
    {"kind", "value", "quantity", "min", "max", "unit", "op", "hard", "text", "span", "confidence", "origin"}
)
_PERIOD = re.compile(r"^P(\d{1,4}[YMWD])+$")
Problems = dict[str, list[str]]


def conditions_from(records: Sequence[Any], *, origin: str = ConditionOrigin.GIVEN) -> list[Condition]:
    """Build unsaved rows from exchange records. Raises InvalidInput naming each bad field as `conditions.2.unit`."""
    if len(records) > MAX_CONDITIONS:
        raise InvalidInput(errors={"conditions": [_("At most %(most)s conditions.") % {"most": MAX_CONDITIONS}]})
    problems: Problems = {}
    for position, record in enumerate(records):
        found = problems_of(record) if isinstance(record, Mapping) else {"": [_("A condition is an object.")]}
        problems |= {f"conditions.{position}.{name}".rstrip("."): texts for name, texts in found.items()}
    if problems:
        raise InvalidInput(errors=problems)
    return [_row(record, position, origin) for position, record in enumerate(records)]


def problems_of(record: Mapping[str, Any]) -> Problems:
    """What is wrong with one condition record, by field; empty when nothing is."""
    kind, op = record.get("kind"), record.get("op") or Operator.REQUIRE
    if kind not in ConditionKind.values:
        return {"kind": [_("Unknown kind of condition: %(kind)s") % {"kind": kind}]}
    problems = _shape_problems(record)
    if op not in Operator.values:
        problems["op"] = [_("Unknown operator: %(op)s") % {"op": op}]
    if not isinstance(record.get("hard", False), bool):
        problems["hard"] = [_("Must be true or false.")]
    if problems:
        return problems
    if kind in NUMERIC:
        return _numeric_problems(record)
    if kind == ConditionKind.WINDOW:
        return _window_problems(record)
    return _value_problems(str(kind), record.get("value"))


def _shape_problems(record: Mapping[str, Any]) -> Problems:
    """What could not even be stored, whatever the kind."""
    problems: Problems = {}
    for name in ("quantity", "unit", "text"):
        if not isinstance(record.get(name) or "", str):
            problems[name] = [_("Must be text.")]
        elif name != "text" and len(record.get(name) or "") > MAX_WORD:
            problems[name] = [_("At most %(most)s characters.") % {"most": MAX_WORD}]
    for name in ("min", "max"):
        if record.get(name) is not None and not _is_number(record[name]):
            problems[name] = [_("Must be a number.")]
    confidence = record.get("confidence", 1.0)
    if not _is_number(confidence) or not 0 <= confidence <= 1:
        problems["confidence"] = [_("Must be a number from 0 to 1.")]
    if not _is_span(record.get("span")):
        problems["span"] = [_("Must be two positions, the first one first.")]
    return problems


def _is_span(span: Any) -> bool:
    if span is None:
        return True
    whole = isinstance(span, list | tuple) and len(span) == 2 and all(type(part) is int for part in span)
    return whole and 0 <= span[0] <= span[1] <= MAX_POSITION


def _numeric_problems(record: Mapping[str, Any]) -> Problems:
    problems: Problems = {}
    low, high = record.get("min"), record.get("max")
    if low is None and high is None:
        problems["min"] = [_("Give at least one bound.")]
    if low is not None and high is not None and low > high:
        problems["max"] = [_("The upper bound lies below the lower one.")]
    problem = unit_problem(str(record.get("quantity") or record["kind"]), str(record.get("unit") or ""))
    if problem:
        problems["unit"] = [problem]
    return problems


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15


def _window_problems(record: Mapping[str, Any]) -> Problems:
    problems = {
        name: [_("Give a date such as 2027-03-31.")]
        for name in WINDOW_KEYS[:2]
        if not _is_date(str(record.get(name) or ""))
    }
    if not _is_number(record.get("weeks")):
        problems["weeks"] = [_("Must be a number.")]
    return problems


def _value_problems(kind: str, value: Any) -> Problems:
    if kind == ConditionKind.START_BY and not _is_start(str(value or "")):
        return {"value": [_("Give a date such as 2027-03-31 or a period such as P2M.")]}
    values = value if isinstance(value, list) else [value]
    if not values or not all(isinstance(part, str) and part.strip() and len(part) <= 200 for part in values):
        return {"value": [_("Give a value.")]}
    return {}


def _is_start(text: str) -> bool:
    """A date, a day of whichever year comes next, or a period from now."""
    if text.startswith("--"):
        # 2028 is a leap year: the 29th of February is a day, if not of every year.
        return _is_date(f"2028{text[1:]}")
    return _is_date(text) or bool(_PERIOD.match(text))


def _is_date(text: str) -> bool:
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _row(record: Mapping[str, Any], position: int, origin: str) -> Condition:
    span = record.get("span") or (None, None)
    extra = {key: part for key, part in record.items() if key not in _COLUMNS}
    return Condition(
        position=position,
        kind=record["kind"],
        op=record.get("op") or Operator.REQUIRE,
        is_hard=record.get("hard", False),
        value=record.get("value"),
        quantity=record.get("quantity") or (record["kind"] if record["kind"] in NUMERIC else ""),
        low=record.get("min"),
        high=record.get("max"),
        unit=record.get("unit") or "",
        text=(record.get("text") or "")[:500],
        span_start=span[0],
        span_end=span[1],
        confidence=record.get("confidence", 1.0),
        origin=str(record["origin"]) if record.get("origin") in ConditionOrigin.values else origin,
        extra=extra,
    )


def condition_record(row: Condition) -> dict[str, Any]:
    """One row as the exchange format writes it, with `span`, `confidence` and `origin` where it was read."""
    record: dict[str, Any] = {"kind": row.kind}
    if row.kind in NUMERIC:
        record |= {"quantity": row.quantity, "min": row.low, "max": row.high, "unit": row.unit}
    elif row.kind != ConditionKind.WINDOW:
        record["value"] = row.value
    record |= {**row.extra, "op": row.op, "hard": row.is_hard, "text": row.text}
    if row.span_start is not None:
        record |= {"span": [row.span_start, row.span_end], "confidence": row.confidence}
    return record | {"origin": row.origin}
