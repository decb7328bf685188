"""Notices as pages show them: with their words, their group, and how many there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, Count, Q, QuerySet, When

from zhongshi.core.models import Delivery, Notification

from .inbox import in_group
from .problems import in_words
from .registry import Group, known, names_in, wording

PER_SECTION = 5
IN_PANEL = 6
IN_LOG = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """One notice in the active language."""

    row: Notification
    title: str
    body: str
    label: str
    action: str
    group: str


@dataclass(frozen=True, slots=True)
class Section:
    """A group with how many notices it has, how many of them unread, and the newest."""

    group: Group
    total: int
    unread: int
    items: list[Shown]


@dataclass(frozen=True, slots=True)
class Sent:
    """One delivery in the active language: what, by which way, and why it failed."""

    row: Delivery
    title: str
    why: str
    tone: str


_TONES = {"sent": "ok", "failed": "warn", "dead": "bad"}


def show(row: Notification) -> Shown:
    """Give a notice its words."""
    event = known(row.event)
    return Shown(row, *wording(row), event.name_for_people, str(event.action), event.group)


def counts(user_id: int) -> dict[str, tuple[int, int]]:
    """{group: (all, unread)} of one person, every group present."""
    found = {group.value: (0, 0) for group in Group}
    rows = (
        Notification.objects.filter(recipient_id=user_id)
        .order_by()
        .values_list("event")
        .annotate(total=Count("pk"), unread=Count("pk", filter=Q(read_at__isnull=True)))
    )
    for event, total, unread in rows:
        before = found[known(event).group]
        found[known(event).group] = (before[0] + total, before[1] + unread)
    return found


def sections(user_id: int, *, unread: bool) -> list[Section]:
    """The groups that have something to show, each with its newest notices."""
    made = []
    for name, (total, fresh) in counts(user_id).items():
        if fresh if unread else total:
            rows = listed(user_id, group=name, unread=unread)[:PER_SECTION]
            made.append(Section(Group(name), total, fresh, [show(row) for row in rows]))
    return made


def listed(user_id: int, *, group: str = "", unread: bool = False) -> QuerySet[Notification]:
    """A person's notices, newest first, narrowed to a group and to the unread ones."""
    rows = in_group(Notification.objects.filter(recipient_id=user_id), group)
    return rows.filter(read_at__isnull=True) if unread else rows


def newest(user_id: int) -> list[Shown]:
    """What the bell's panel holds: what waits for a deed, what else is unread, then the newest of the rest."""
    waiting = Case(When(event__in=names_in(Group.ACTION), then=0), default=1)
    order = Case(When(read_at__isnull=True, then=waiting), default=2)
    rows = Notification.objects.filter(recipient_id=user_id).order_by(order, "-id")
    return [show(row) for row in rows[:IN_PANEL]]


def log(rows: Iterable[Delivery]) -> list[Sent]:
    """Deliveries for a table; the caller chose whose."""
    return [
        Sent(
            row,
            wording(row.notification)[0] if row.notification else "",
            in_words(row.problem) if row.state != Delivery.State.SENT else "",
            _TONES.get(row.state, "unknown"),
        )
        for row in rows
    ]
