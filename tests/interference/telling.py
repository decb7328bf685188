"""What a person hears of a deed: notices, letters, the daily letter, and what the organization's robot is sent."""

from __future__ import annotations

import json
from datetime import timedelta

from django.core import mail

from tests.core.receiver import Call
from zhongshi.core.models import Channel, NoticeSettings, Notification, Robot

from .world import World, work_off

# One of each role; the others are told of each thing at once.
DAILY = ("stranger", "operator2", "other_admin")
_DAY = timedelta(days=1)
# Not what was said: these hang on the library and on the receiver's port.
_OF_THE_WAY = {"host", "content-length", "accept", "accept-encoding", "connection", "user-agent"}
# A number drawn by chance, and what is signed over it: in the other world fewer were drawn before.
_BY_CHANCE = {"x-zhongshi-event-id", "x-zhongshi-signature"}


def listen(world: World) -> None:
    """Give each organization a robot that listens, and some people a letter once a day."""
    for name, party in world.parties.items():
        if party.actor is None:
            continue
        organization = party.actor.organization
        Robot.objects.get_or_create(
            organization=organization,
            kind=Channel.WEBHOOK,
            defaults={"name": "听", "address": f"{world.receiver.url}/{organization.pk}", "secret": "0123456789abcdef"},
        )
        if name in DAILY:
            NoticeSettings.objects.create(user=party.user, digest_hour=9)


def forget(world: World) -> None:
    """Empty the letter boxes and what the robots have heard."""
    mail.outbox.clear()
    world.receiver.calls.clear()


def effects(world: World, name: str) -> tuple[str, ...]:
    """Let the workers do what is owed now and within a day; what the person hears of it."""
    before = frozenset(Notification.objects.values_list("id", flat=True))
    forget(world)
    work_off()
    with world.clock.ahead(_DAY):
        work_off()
    return told(world, name, before)


def told(world: World, name: str, before: frozenset[int]) -> tuple[str, ...]:
    """What this person got, apart from the notices `before`; each begins with its kind: notice, letter or robot."""
    if name == "nobody":
        return ()
    party = world.parties[name]
    rows = Notification.objects.filter(recipient=party.user).exclude(id__in=before).order_by("id")
    notices = [f"notice {row.event} {row.path} {_sorted(row.params)}" for row in rows]
    letters = [f"letter {one.to} {one.subject} {one.body}" for one in mail.outbox if party.user.email in one.to]
    path = f"/{party.actor.organization.pk}" if party.actor else ""
    return (*notices, *letters, *(_said(call) for call in world.receiver.calls if call.path == path))


def _said(call: Call) -> str:
    hidden = _OF_THE_WAY | _BY_CHANCE
    headers = sorted(f"{name}: {value}" for name, value in call.headers.items() if name.lower() not in hidden)
    return f"robot {headers} {_sorted(json.loads(call.body) | {'id': ''})}"


def _sorted(params: object) -> str:
    return json.dumps(params, ensure_ascii=False, sort_keys=True)
