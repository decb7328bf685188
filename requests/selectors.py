"""Needs in the shapes others read."""

from __future__ import annotations

from typing import Any

from .models import Condition, Need
from .records import condition_record

_BARE = frozenset({"span", "confidence", "origin"})


def need_record(need: Need) -> dict[str, Any]:
    """The need as a line of the exchange format."""
    return {
        "id": need.external_id or str(need.uuid),
        "title": need.title,
        "text": need.text,
        "country": need.country or None,
        "region": need.region or None,
        "conditions": [_exchange(row) for row in need.conditions.all()],
        **need.extra,
    }


def _exchange(row: Condition) -> dict[str, Any]:
    return {key: value for key, value in condition_record(row).items() if key not in _BARE}
