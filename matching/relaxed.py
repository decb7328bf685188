"""A relaxation the engine proposes, applied to the need's conditions; and which change led to a revision."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from requests.enums import ConditionOrigin

Record = Mapping[str, Any]
_BOUNDS = ("value", "min", "max", "unit", "earliest_start", "latest_start", "weeks")
_READ = ("span", "confidence", "origin")


def proposal_key(relaxation: Record) -> str:
    """Tell one proposal from another: the condition and the change, not how many it gains."""
    said = json.dumps([relaxation.get("condition"), relaxation.get("change")], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def same_proposal(relaxation: Record, key: str) -> bool:
    """Whether `key` names this proposal."""
    return proposal_key(relaxation) == key


def widened(change: Any) -> dict[str, Any]:
    """The new values, bounds or dates of a change; empty where the condition is only no longer a must."""
    return {name: change[name] for name in _BOUNDS if name in change} if isinstance(change, Mapping) else {}


def relaxed_records(records: Sequence[Record], relaxation: Record) -> list[dict[str, Any]]:
    """The conditions with one of them relaxed: other bounds and still a must, or as it was and a wish.

    IndexError for a condition that is not there.
    """
    changed = [dict(record) for record in records]
    one = changed[relaxation["condition"]]
    bounds = widened(relaxation.get("change"))
    if bounds:
        # It is no longer what stands in the text, so it no longer points there.
        for name in _READ:
            one.pop(name, None)
        one |= bounds | {"text": "", "origin": ConditionOrigin.GIVEN.value}
    else:
        one["hard"] = False
    return changed


@dataclass(frozen=True, slots=True)
class Changed:
    """The one condition two revisions differ in."""

    before: Record
    after: Record


def only_change(before: Sequence[Record], after: Sequence[Record]) -> Changed | None:
    """What changed between two revisions if it is one condition alone, else None."""
    if len(before) != len(after):
        return None
    pairs = [(old, new) for old, new in zip(before, after, strict=True) if _said(old) != _said(new)]
    return Changed(*pairs[0]) if len(pairs) == 1 else None


def _said(record: Record) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in (*_READ, "text")}
