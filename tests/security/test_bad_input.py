"""What no person types: NUL, broken UTF-8, numbers beyond all bounds, nesting, pages without end. Never a failure of
the service, on any address, whoever sends it."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client

from tests.conftest import ApiOf
from tests.test_permissions import World, methods_of, people, routes, world  # noqa: F401 - fixtures
from zhongshi.accounts.actors import Actor
from zhongshi.core.parsers import MAX_DEPTH

NAME = re.compile(rb'name="([^"]{1,60})"')
PAGES = sorted({route for route, view in routes() if "GET" in methods_of(view) and not route.startswith("api/")})
FORMS = sorted({route for route, view in routes() if "POST" in methods_of(view) and not route.startswith("api/")})
ASKED = ("q", "page", "sort", "process", "quantity", "min", "unit", "region", "status", "from", "until", "id", "week")
# As they stand in an address or a form's body, already quoted.
QUOTED = {
    "nul": "%00", "nul within": "a%00b", "broken utf-8": "%ff%fe", "half a surrogate pair": "%ED%A0%80",
    "far beyond": "9" * 400, "without end": "1e999", "not a number": "NaN", "negative": "-99999999999999999999",
    "big page": "99999999999999999999", "brackets": quote("[[{{((%s'\";--"), "very long": "a" * 20_000,
    "marks": quote("\u202e\ufeff\u0301" * 40), "a date that is none": "2027-02-31", "year 0": "0000-00-00",
}  # fmt: skip


def _status(client: Client, path: str, body: str | None = None) -> int | str:
    """The status, or the failure's name; what the call did is undone."""
    before = transaction.savepoint()
    try:
        if body is None:
            return client.get(path).status_code
        return client.generic("POST", path, body, content_type="application/x-www-form-urlencoded").status_code
    except Exception as failure:  # the client passes on what would have been a 500
        return f"{type(failure).__name__}: {failure}"[:160]
    finally:
        transaction.savepoint_rollback(before)


def _client(actor: Actor | None) -> Client:
    client = Client()
    if actor is not None:
        client.force_login(actor.user)
    return client


def _names(client: Client, world: World) -> set[str]:  # noqa: F811
    """Every field this person ever sees."""
    seen: set[str] = set()
    for route in PAGES:
        answer = client.get(world.address(route))
        if not answer.streaming:
            seen |= {name.decode() for name in NAME.findall(answer.content)}
    return seen - {"csrfmiddlewaretoken", "viewport"}


@pytest.mark.parametrize("who", ["owner", "operator", "admin"])
def test_no_form_fails_whatever_its_fields_hold(who: str, world: World, people: dict[str, Actor | None]) -> None:  # noqa: F811
    client = _client(people[who])
    names = sorted(_names(client, world))
    found = {}
    for kind in ("broken utf-8", "far beyond"):
        body = "&".join(f"{quote(name)}={QUOTED[kind]}" for name in names if name != "action")
        for route in FORMS:
            status = _status(client, world.address(route), body)
            if not isinstance(status, int) or status >= 500:
                found[f"{route} {kind}"] = status
    assert found == {}


@pytest.mark.parametrize("who", ["owner", "operator", "admin"])
def test_no_page_fails_whatever_its_address_asks(who: str, world: World, people: dict[str, Actor | None]) -> None:  # noqa: F811
    client = _client(people[who])
    found = {}
    for route in PAGES:
        path = world.address(route)
        for kind in ("big page", "a date that is none"):
            status = _status(client, path + "?" + "&".join(f"{name}={QUOTED[kind]}" for name in ASKED))
            if not isinstance(status, int) or status >= 500:
                found[f"{route} {kind}"] = status
    assert found == {}


@pytest.mark.parametrize("path", ["/", "/services/", "/needs/", "/desk/leads/", "/api/v1/capabilities/", "/accounts/"])
@pytest.mark.parametrize("kind", sorted(QUOTED))
def test_no_address_fails_whatever_stands_in_it(path: str, kind: str, client: Client, db: None) -> None:
    for address in (f"{path}{QUOTED[kind]}", f"{path}{QUOTED[kind]}/", f"{path}?q={QUOTED[kind]}&page={QUOTED[kind]}"):
        assert client.get(address).status_code < 500


def test_a_nul_in_an_address_is_refused(world: World, zone_admin: Actor) -> None:  # noqa: F811
    client = _client(zone_admin)
    found = {route: _status(client, f"{world.address(route)}?x=a%00") for route in PAGES}

    open_ones = {"healthz", "readyz", "metrics", "^api/"}
    assert {route for route, status in found.items() if status != 400} <= open_ones | {r for r in PAGES if "%" in r}


def test_a_nul_in_a_form_is_as_if_it_were_not_there(world: World, zone_admin: Actor) -> None:  # noqa: F811
    client = _client(zone_admin)
    fields = "name", "title", "text", "note", "reason", "username", "next", "key"
    clean = "&".join(f"{field}=ab" for field in fields)
    hidden = "&".join(f"{field[:1]}%00{field[1:]}=a%00b" for field in fields)

    found = {route: [_status(client, world.address(route), sent) for sent in (hidden, clean)] for route in FORMS}
    assert {route: both for route, both in found.items() if both[0] != both[1] or not isinstance(both[0], int)} == {}


BODIES: dict[str, bytes] = {
    "nul": b'{"text": "a\\u0000b"}',
    "half a pair": b'{"text": "\\ud800"}',
    "half a pair in a key": b'{"\\udfff": 1}',
    "nan": b'{"text": "x", "revision": NaN}',
    "infinity": b'{"text": "x", "amount": -Infinity}',
    "beyond a float": b'{"amount": 1e999}',
    "a long number": b'{"amount": ' + b"9" * 5_000 + b"}",
    "deep lists": b"[" * 50_000 + b"]" * 50_000,
    "deep objects": b'{"a":' * (MAX_DEPTH + 2) + b"1" + b"}" * (MAX_DEPTH + 2),
    "broken utf-8": b'{"text": "\xff\xfe"}',
    "not closed": b'{"text": "x"',
    "a list": b"[]",
    "a word": b'"x"',
    "nothing": b"null",
    "empty": b"",
}
ENTRANCES = ("auth/token/", "needs/", "needs/parse/")


@pytest.mark.parametrize("kind", sorted(BODIES))
def test_a_body_nobody_can_store_is_400_in_the_contracts_shape(kind: str, api: ApiOf, enterprise: Actor) -> None:
    for entrance in ENTRANCES:
        answer = api(enterprise).generic("POST", f"/api/v1/{entrance}", BODIES[kind], content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid"), (entrance, answer.content[:200])


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/xml", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "x"],
)
def test_another_kind_of_body_is_415(kind: str, api: ApiOf, enterprise: Actor) -> None:
    for entrance in ENTRANCES:
        answer = api(enterprise).generic("POST", f"/api/v1/{entrance}", b"<a/>", content_type=kind)
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_a_body_beyond_the_bound_is_413(api: ApiOf, enterprise: Actor) -> None:
    body = json.dumps({"title": "x", "text": "a" * 3_000_000}).encode()
    for entrance in ENTRANCES:
        answer = api(enterprise).generic("POST", f"/api/v1/{entrance}", body, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large"), entrance


def test_more_fields_than_any_form_has_are_refused(client: Client, db: None) -> None:
    body = "&".join(f"f{number}=1" for number in range(1_200))
    answer = client.generic("POST", "/accounts/sign-in/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400


@pytest.mark.parametrize("page", ["0", "-1", "99999999999999999999", "x", "%00", "1e3", "last%00", "NaN"])
def test_a_page_that_is_not_there_is_404(page: str, api: ApiOf, enterprise: Actor) -> None:
    for path in ("needs/", "capabilities/", "notifications/", "leads/"):
        answer = api(enterprise).get(f"/api/v1/{path}?page={page}")
        assert answer.status_code == 404, path


def _models_columns() -> dict[str, Any]:
    columns = (
        "id",
        "pk",
        "uuid",
        "status",
        "organization",
        "organization_id",
        "zone",
        "zone_id",
        "created_by",
        "number",
    )
    more = ("created_at", "revision", "is_staff", "is_superuser", "score", "reviewed_by", "approved", "body_digest")
    return dict.fromkeys((*columns, *more), 1)


@pytest.mark.parametrize("column", sorted(_models_columns()))
def test_no_column_can_be_written_by_naming_it(column: str, api: ApiOf, world: World, enterprise: Actor) -> None:  # noqa: F811
    client = api(enterprise)
    posted = client.post("/api/v1/needs/", {"title": "发酵", "text": "需要500L发酵罐。", column: 1}, format="json")
    before = type(world.need).objects.filter(pk=world.need.pk).values().get()
    changed = client.patch(
        f"/api/v1/needs/{world.need.uuid}/",
        {column: 1} | {"revision": world.need.revision, "nonsense": 1},
        format="json",
    )

    assert (posted.status_code, changed.status_code) == (400, 400)
    assert column in posted.json()["errors"]
    assert type(world.need).objects.filter(pk=world.need.pk).values().get() == before
