"""Seven more people against every route and method: `further_people.txt`; and verbs that no route lists.

`tests/test_permissions.py` asks the seven whom everybody has in mind. Here are those one forgets: a manager, a provider
of resources, an organization that waits for its approval or was suspended, the network's office, somebody without an
organization, and the superuser, who has no silent way past any page.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tests.interference.people import further_people
from tests.interference.routes import VERBS, methods_of, routes
from tests.test_permissions import World, _status, people, table, world  # noqa: F401 - its world and its people
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import User

TABLE = Path(__file__).with_name("further_people.txt")
FURTHER = ("manager", "provider", "applicant", "suspended", "network", "loner", "root")
ADMIN = ("admin/",)


class Person:
    """What `_status` asks of an actor: the user who signs in."""

    def __init__(self, user: User) -> None:
        self.user = user


def further() -> dict[tuple[str, str], tuple[int, ...]]:
    """{(route, method): statuses in the order of FURTHER}."""
    rows = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            route, method, *statuses = line.split()
            rows["" if route == "/" else route, method] = tuple(map(int, statuses))
    return rows


def test_both_tables_have_the_same_lines() -> None:
    listed = {(route, method) for route, by_method in table().items() for method in by_method}

    assert sorted(listed ^ set(further())) == []
    assert {len(statuses) for statuses in further().values()} == {len(FURTHER)}


@pytest.mark.parametrize("name", FURTHER)
def test_further_people_are_answered_as_the_table_says(name: str, world: World, enterprise: Actor) -> None:  # noqa: F811
    party = further_people(enterprise.zone, enterprise)[name]
    column = FURTHER.index(name)
    found = {key: _status(world, Person(party.user), key[1], key[0]) for key in further()}  # type: ignore[arg-type]

    assert {key: status for key, status in found.items() if status != further()[key][column]} == {}


@pytest.mark.parametrize("name", ["nobody", "owner", "operator", "admin"])
def test_verbs_that_no_route_lists_are_refused(name: str, world: World, people: dict[str, Any]) -> None:  # noqa: F811
    client = Client(raise_request_exception=False)
    if people[name]:
        client.force_login(people[name].user)
    answers: dict[str, int] = {}
    for route, view in routes(without=ADMIN):
        for verb in set(VERBS[2:]) - methods_of(view):
            before = transaction.savepoint()
            answers[f"{verb} {route}"] = client.generic(verb, world.address(route)).status_code
            transaction.savepoint_rollback(before)

    # To sign in, or refused for the role: said before the verb is looked at. Never done, and never an error.
    refused = {405, 401, 403, 404} | ({302} if name == "nobody" else set())
    assert {key: status for key, status in answers.items() if status not in refused} == {}
