"""Every question that is put in both worlds: route × verb × address × query × body."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from .bodies import BODIES
from .hidden import WORD, Reader
from .routes import VERBS, methods_of, routes
from .world import Ids

SOON = timezone.localdate() + timedelta(days=30)
# Words of the secret, names of columns somebody might try, and what pages really read.
QUERIES = (
    {"q": WORD[:2]},
    {
        "q": WORD[0],
        "page": "1",
        "sort": "status",
        "status": "draft",
        "state": "quoted",
        "kind": "match",
        "title": WORD,
        "title__startswith": WORD[0],
        "need__title__startswith": WORD[0],
        "matches__need__title__contains": WORD,
        "organization__name__startswith": WORD[0],
        "object": "{need}",
        "campaign": "{campaign}",
        "m": "{lead}",
        "download": "csv",
        "from": "2026-01-01",
        "material": WORD,
        "period": "all",
    },
)
_PATTERN = re.compile(r"\(\?P<\w+>[^)]*\)\$?")
_PLACE = re.compile(r"<(?:(\w+):)?(\w+)>")


class NoName(LookupError):
    """A route names something the worlds have no row of: give it one in `NAMES`."""


@dataclass(frozen=True, eq=False)
class Ask:
    """One request. `is_further`: not worth asking where the plain one was refused for the person's role."""

    route: str
    verb: str
    address: str
    query: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] | None = None
    is_part: bool = False
    is_further: bool = False

    def __str__(self) -> str:
        words = f"{self.verb} /{self.route}"
        return words + (f" ?{','.join(self.query)}" if self.query else "") + (" part" if self.is_part else "")


# One door keeps all of these, so four people and one question each are enough.
BEHIND_STAFF = ("admin/",)
AT_THE_DOOR = frozenset({"nobody", "owner", "operator", "admin"})
# By part of the route, the first that fits: which row an id in the address is of.
NAMES: tuple[tuple[str, str], ...] = (
    ("park/imports/", "office_job"),
    ("services/import/", "job"),
    ("api/v1/imports/", "job"),
    ("invitations/", "invitation"),
    ("invitation/", "none"),
    ("members/", "member"),
    ("sessions/", "session"),
    ("robots/", "robot"),
    ("campaigns/", "campaign"),
    ("review/<uuid:match_id>", "proposed"),
    ("review/<str:kind>", "proposed"),
    ("matches/<uuid:public_id>/review", "proposed"),
    ("choose/", "quoted"),
    ("questions/", "question"),
    ("leads/", "lead"),
    ("matches/<uuid:match_id>", "lead"),
    ("desk/certs/", "certificate"),
    ("platforms/", "platform"),
    ("capabilities/", "capability"),
    ("services/", "capability"),
    ("notifications/", "notice"),
    ("words/", "word"),
    ("consents/", "consent"),
    ("needs/", "need"),
)
FIXED = {
    "kind": "match",
    "action": "accept",
    "move": "suspend",
    "chain": "BIOMAN",
    "stage": "PILOT",
    "month": "2026-11",
    "uidb64": "none",
    "object_id": "1",
    "pk": "1",
    "id": "1",
    "event_id": "1",
    "app_label": "requests",
    "content_type_id": "1",
    "url": "x",
    "path": "x",
}


def address(route: str, ids: Ids) -> str:
    """The route with ids of these rows; KeyError where there is no such row."""
    plain = _PATTERN.sub("x", route.removeprefix("^"))
    return "/" + _PLACE.sub(lambda found: _name(route, found[1] or "str", found[2], ids), plain)


def _name(route: str, kind: str, name: str, ids: Ids) -> str:
    if name == "number":
        return ids["number"]
    if name == "name" and "rules/" in route:
        return ids["rules"]
    if name == "token":
        return ids["feed"] if route.endswith(".ics") else "none"
    if name in FIXED:
        return FIXED[name]
    row = next((row for part, row in NAMES if part in route), None)
    if kind == "uuid" and row:
        return ids[row]
    raise NoName(f"{route}: <{kind}:{name}>")


def asks(reader: Reader, known: Ids) -> Iterator[Ask]:
    """All questions for one person: at rows of the world, and at rows of the secret.

    Verbs a route does not answer are not among them: `test_further_people.py` has them refused before any row.
    """
    without = () if reader.name in AT_THE_DOOR else BEHIND_STAFF
    for route, view in routes(without=without):
        answered = methods_of(view)
        yield from _at(route, known, answered, reader, is_hidden=False)
        if "<" in route:
            yield from _at(route, known | reader.ids, answered, reader, is_hidden=True)


def _at(route: str, ids: Ids, answered: set[str], reader: Reader, *, is_hidden: bool) -> Iterator[Ask]:
    try:
        place = address(route, ids)
    except LookupError:
        return
    yield Ask(route, "GET", place)
    if route.startswith(BEHIND_STAFF):
        return
    yield Ask(route, "HEAD", place, is_further=True)
    for number, query in enumerate(QUERIES if not is_hidden else ()):
        words = {key: _filled(text, reader.ids) for key, text in query.items()}
        yield Ask(route, "GET", place, words, is_part=number == 0, is_further=True)
    for verb in VERBS[1:]:
        if verb in answered:
            yield from _bodies(route, verb, place, ids, reader)


def _bodies(route: str, verb: str, place: str, ids: Ids, reader: Reader) -> Iterator[Ask]:
    """Each body that route has, about what is known and about the secret; else an empty one."""
    for body in BODIES.get(f"{verb} {route}", ({},)):
        yield Ask(route, verb, place, body=_body(body, ids))
        asked = _body(body, ids | reader.ids)
        if asked != _body(body, ids):
            yield Ask(route, verb, place, body=asked)


def _body(body: dict[str, Any], ids: Ids) -> dict[str, Any]:
    return {key: _filled(value, ids) if isinstance(value, str) else value for key, value in body.items()}


def _filled(text: str, ids: Ids) -> str:
    return (
        re.sub(r"\{(\w+)\}", lambda found: ids.get(found[1], "none"), text)
        if text.startswith(("{", "match:"))
        else text
    )
