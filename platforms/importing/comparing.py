"""Does a record say anything that the catalogue does not say already? Values in, answers out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_EMPTY: tuple[Any, ...] = (None, "", [], {}, [None, None])


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two records of a platform's head, or of a capability, say the same; what says nothing does not count."""
    return _plain(one) == _plain(other)


def given(record: Mapping[str, Any]) -> dict[str, Any]:
    """What a record states; an empty cell states nothing."""
    return {name: value for name, value in record.items() if value not in _EMPTY}


def _plain(record: Mapping[str, Any]) -> dict[str, Any]:
    plain = given({name: value for name, value in record.items() if name != "id"})
    if plain.get("operator_kind") == "unknown":
        del plain["operator_kind"]
    if "name" in plain:
        plain["name"] = plain["name"][:300]
    if "operator" in plain:
        plain["operator"] = plain["operator"][:300]
    if isinstance(plain.get("source"), Mapping):
        plain["source"] = given(plain["source"])
    if isinstance(plain.get("parameters"), list):
        plain["parameters"] = [given(parameter) for parameter in plain["parameters"]]
    # An empty calendar is a statement: no day is free.
    return given(plain) | ({"availability": []} if record.get("availability") == [] else {})
