"""Who read what (谁看过): the record folded for people, and row by row for files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min
from django.utils.translation import gettext as _

from zhongshi.core.workbooks import Cell, Column, Kind

from .disclosure_models import DisclosureQuerySet
from .enums import Medium, Stage

_GROUP = (
    "need__number",
    "user_id",
    "user__username",
    "user__first_name",
    "user__last_name",
    "organization__name",
    "stage",
    "medium",
    "revision",
    "address",
    "reason",
)
_FIELDS = {
    "conditions": lambda: _("conditions"),
    "region": lambda: _("region"),
    "budget_class": lambda: _("budget class"),
    "title": lambda: _("title"),
    "text": lambda: _("full text"),
    "contacts": lambda: _("contacts"),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """All readings of one revision by one person, stage and way: how many, the first and the last."""

    number: str
    who: str
    organization: str
    stage: str
    medium: str
    revision: int
    address: str
    reason: str
    count: int
    first: datetime
    last: datetime


def folded(rows: DisclosureQuerySet) -> Any:
    """The record, one line for all readings that differ only in their time; newest last reading first."""
    grouped = rows.order_by().values(*_GROUP)
    return grouped.annotate(count=Count("pk"), first=Min("at"), last=Max("at"), newest=Max("pk")).order_by("-newest")


def readings_of(lines: Iterable[dict[str, Any]]) -> list[Reading]:
    """Lines of `folded` as a page shows them."""
    return [
        Reading(
            number=line["need__number"],
            who=f"{line['user__last_name']}{line['user__first_name']}".strip() or line["user__username"],
            organization=line["organization__name"] or "",
            stage=str(Stage(line["stage"]).label),
            medium=str(Medium(line["medium"]).label),
            revision=line["revision"],
            address=line["address"] or "",
            reason=line["reason"],
            count=line["count"],
            first=line["first"],
            last=line["last"],
        )
        for line in lines
    ]


def columns() -> list[Column]:
    """The columns of the file, one row a reading."""
    return [
        Column(_("Time"), Kind.MOMENT, width=18),
        Column(_("Need"), width=16),
        Column(_("Revision"), Kind.INTEGER, width=10),
        Column(_("Who"), width=18),
        Column(_("Organization"), width=30),
        Column(_("Stage"), width=18),
        Column(_("Fields"), width=36),
        Column(_("Way"), width=14),
        Column(_("Address"), width=18),
        Column(_("Reason"), width=40),
    ]


def lines(rows: DisclosureQuerySet) -> Iterator[tuple[Cell, ...]]:
    """Every reading, oldest first, never folded."""
    found = rows.select_related("need", "user", "organization").order_by("pk")
    for row in found.iterator(chunk_size=500):
        yield (
            row.at,
            row.need.number,
            row.revision,
            row.user.get_full_name() or row.user.get_username(),
            row.organization.name if row.organization else "",
            str(Stage(row.stage).label),
            _(", ").join(_FIELDS[name]() if name in _FIELDS else name for name in row.fields),
            str(Medium(row.medium).label),
            row.address or "",
            row.reason,
        )


def shown(rows: DisclosureQuerySet, most: int) -> list[Reading]:
    """The newest lines of the folded record."""
    return readings_of(folded(rows)[:most])
