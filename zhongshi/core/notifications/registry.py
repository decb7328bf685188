"""Events a notice may tell of: their words, their group, and whether they wait for the morning."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhongshi.core.models import Notification

Text = str | Promise


class Group(TextChoices):
    """What a notice asks of its reader."""

    ACTION = "action", pgettext_lazy("notices", "To do")
    PROGRESS = "progress", pgettext_lazy("notices", "Progress")
    SYSTEM = "system", pgettext_lazy("notices", "System")


@dataclass(frozen=True, slots=True)
class Event:
    """One kind of notice. `label` names it in the settings, where a title's placeholders have nothing to show."""

    name: str
    title: Text
    body: Text
    group: Group
    label: Text
    action: Text
    is_urgent: bool
    roles: frozenset[str]

    @property
    def name_for_people(self) -> str:
        """The label, else the title without its placeholders, in the active language."""
        return str(self.label) or _PLACEHOLDER.sub("", str(self.title)).strip(' :：，,"“”《》') or self.name

    def is_for(self, role: str) -> bool:
        """Whether people of `role` are ever told of this."""
        return not self.roles or role in self.roles


class _Gaps(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return "…"


_events: dict[str, Event] = {}
_PLACEHOLDER = re.compile(r"%\(\w+\)s")
_ACTIONS = {Group.ACTION: _("Deal with it"), Group.PROGRESS: _("View"), Group.SYSTEM: _("View")}


def register(
    event: str,
    *,
    title: Text,
    body: Text,
    group: Group | str = Group.PROGRESS,
    label: Text = "",
    action: Text = "",
    urgent: bool = False,
    roles: Collection[str] = (),
) -> None:
    """Give `event` its words; title and body may use named placeholders filled from the notice's parameters.

    `label` names the event where people switch it on and off (else its title does), `action` is the word on its
    button. What is `urgent` heeds neither quiet hours nor the daily mail. `roles` are who gets it: all for none.
    """
    group = Group(group)
    words = action or _ACTIONS[group]
    _events[event] = Event(event, title, body, group, label, words, urgent, frozenset(roles))


def events(role: str = "") -> list[Event]:
    """All events, or those people of `role` are told of, in the order of their groups."""
    order = list(Group)
    found = [event for event in _events.values() if not role or event.is_for(role)]
    return sorted(found, key=lambda event: order.index(event.group))


def event_of(name: str) -> Event:
    """The event of that name. KeyError for a misspelt one."""
    return _events[name]


def known(name: str) -> Event:
    """The event of that name; one that has left the code is a plain piece of progress under its own name."""
    return _events.get(name) or Event(name, name, "", Group.PROGRESS, "", _ACTIONS[Group.PROGRESS], False, frozenset())


def names_in(group: str) -> list[str]:
    """Names of the events of a group."""
    return [event.name for event in _events.values() if event.group == group]


def wording(notification: Notification) -> tuple[str, str]:
    """Title and body in the language that is active now.

    A notice outlives the words it was written for: where these ask for more than it knows, a gap is shown.
    """
    event, params = known(notification.event), _Gaps(notification.params)
    return str(event.title) % params, str(event.body) % params
