"""Capabilities side by side: what each says on the same point, and where they differ. Nothing is called better."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhongshi.vocabulary import labels

from .enums import FactKind
from .models import Capability, Fact
from .templatetags.listing import place, price_label

Cell = tuple[str, ...]
_Reader = Callable[[Capability], Cell]


@dataclass(frozen=True, slots=True)
class Row:
    """One point: what each capability says of it, in the order of the capabilities; empty: the listing does not say."""

    name: str
    cells: tuple[Cell, ...]

    @property
    def differs(self) -> bool:
        """Whether not all say the same; a blank differs from a value."""
        return len({frozenset(cell) for cell in self.cells}) > 1


@dataclass(frozen=True, slots=True)
class Section:
    """Points of one kind under a heading."""

    name: str
    rows: tuple[Row, ...]


def compare(capabilities: Sequence[Capability], *, only_different: bool = False) -> list[Section]:
    """The table of capabilities with platform, facts and free periods fetched. Points nobody speaks of are left out."""
    facts = [[fact for fact in row.facts.all() if not (fact.is_negated or fact.is_lapsed)] for row in capabilities]
    sections = [
        Section(_("Sizes and operating ranges"), _sizes(facts)),
        Section(_("What it does"), _values(facts)),
        Section(_("Terms"), _read(capabilities, _terms())),
        Section(_("Where and from whom"), _read(capabilities, _origins())),
    ]
    shown = ((part, [row for row in part.rows if row.differs or not only_different]) for part in sections)
    return [Section(part.name, tuple(rows)) for part, rows in shown if rows]


def _sizes(facts: Sequence[Sequence[Fact]]) -> tuple[Row, ...]:
    """A row for each quantity anybody states, in the order of the first who does."""
    sizes = [[fact for fact in one if fact.kind == FactKind.PARAMETER and fact.quantity != "other"] for one in facts]
    quantities = dict.fromkeys(fact.quantity for one in sizes for fact in one)
    rows = (Row(labels.quantity_label(name), tuple(_amounts(one, name) for one in sizes)) for name in quantities)
    return tuple(row for row in rows if any(row.cells))


def _amounts(facts: Iterable[Fact], quantity: str) -> Cell:
    found = (labels.parameter_label(f.low, f.high, f.unit, f.count) for f in facts if f.quantity == quantity)
    return tuple(dict.fromkeys(amount for amount in found if amount))


def _values(facts: Sequence[Sequence[Fact]]) -> tuple[Row, ...]:
    kinds = (FactKind.PROCESS, FactKind.SERVICE, FactKind.STAGE, FactKind.MATERIAL, FactKind.QUALIFICATION)
    rows = (
        Row(labels.kind_label(kind), tuple(_named(one, kind) for one in facts)) for kind in (*kinds, FactKind.HAZARD)
    )
    return tuple(row for row in rows if any(row.cells))


def _named(facts: Iterable[Fact], kind: str) -> Cell:
    return tuple(dict.fromkeys(labels.value_label(kind, fact.value) for fact in facts if fact.kind == kind))


def _read(capabilities: Sequence[Capability], readers: dict[str, _Reader]) -> tuple[Row, ...]:
    rows = (Row(name, tuple(reader(one) for one in capabilities)) for name, reader in readers.items())
    return tuple(row for row in rows if any(row.cells))


def _terms() -> dict[str, _Reader]:
    return {
        _("Price"): lambda row: _one(price_label(row.price)),
        _("Technology readiness level"): lambda row: _one(labels.range_label(row.trl_from, row.trl_to, "")),
        _("Small batches for sale"): lambda row: _one(_yes_or_no(row.small_batch)),
        _("Availability"): lambda row: tuple(
            f"{period.starts_on.isoformat()} – {period.ends_on.isoformat()}" for period in row.free_periods.all()
        ),
    }


def _origins() -> dict[str, _Reader]:
    return {
        _("Region"): lambda row: _one(place(row.platform)),
        _("Kind of operator"): lambda row: _one(row.platform.get_operator_kind_display()),
        _("Confirmed by the operator"): lambda row: _one(_yes_or_no(row.platform.is_confirmed)),
        _("Date of the source"): lambda row: _one(row.platform.source_date),
    }


def _one(words: Any) -> Cell:
    return (str(words),) if words else ()


def _yes_or_no(value: bool | None) -> str:
    if value is None:
        return ""
    return pgettext("comparison", "yes") if value else pgettext("comparison", "no")
