"""What a listing says, field by field, as a reviewer reads it; and what is new since it was last published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .enums import FactKind, FactSource
from .models import Capability, Certificate, Fact, Platform

Words = dict[str, str | list[str]]
_PLATFORM = ("name", "operator_name", "operator_kind", "country", "region", "city", "level", "operating_status")
_CERTIFICATE = ("qualification", "number", "issuer", "scope", "valid_from", "valid_until")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field now, and as it was published; `before` is None where nothing was published yet."""

    field: str
    now: list[str]
    before: list[str] | None

    @property
    def is_new(self) -> bool:
        """Whether it differs from what was published."""
        return self.before is not None and self.before != self.now

    @property
    def added(self) -> list[str]:
        return [] if self.before is None else [value for value in self.now if value not in self.before]

    @property
    def removed(self) -> list[str]:
        return [] if self.before is None else [value for value in self.before if value not in self.now]


def listing_words(row: Platform | Capability | Certificate) -> Words:
    """{field: value or list of values}, all as text, empty ones left out; JSON as it is kept in a version."""
    if isinstance(row, Platform):
        found: dict[str, Any] = {name: _text(getattr(row, name)) for name in _PLATFORM}
        found |= {"chains": [str(chain) for chain in row.chains], "source_url": row.source_url}
    elif isinstance(row, Certificate):
        found = {name: _text(getattr(row, name)) for name in _CERTIFICATE}
    else:
        found = _capability(row)
    return {name: value for name, value in found.items() if value}


def compared(now: Words, before: Words | None) -> list[FieldChange]:
    """Every field of either, in the order of the present words, those that are gone behind."""
    names = [*now, *(name for name in before or {} if name not in now)]
    return [
        FieldChange(name, _many(now.get(name)), None if before is None else _many(before.get(name))) for name in names
    ]


def _capability(row: Capability) -> dict[str, Any]:
    found: dict[str, Any] = {"name": row.name, "summary": row.summary}
    found["trl"] = "–".join(str(level) for level in (row.trl_from, row.trl_to) if level is not None)
    found["small_batch"] = {True: "yes", False: "no", None: ""}[row.small_batch]
    found["price"] = " ".join(str(part) for part in (row.price or {}).values() if part is not None)
    for fact in row.facts.all():
        # What was read from the words changes with the vocabulary, not by the operator, who is under review here.
        if fact.source != FactSource.READ and fact.kind != FactKind.PHRASE:
            found.setdefault(fact.kind, []).append(_fact(fact))
    found["equipment"] = [" ".join(filter(None, (device.name, device.model))) for device in row.equipment.all()]
    found["free"] = [f"{period.starts_on} – {period.ends_on}" for period in row.free_periods.all()]
    return found


def _fact(fact: Fact) -> str:
    words = fact.text or fact.value
    return f"− {words}" if fact.is_negated else words


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _many(value: str | list[str] | None) -> list[str]:
    if not value:
        return []
    return [value] if isinstance(value, str) else value
