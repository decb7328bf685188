"""Whatever people write is shown as they wrote it: as text. On every page, for whoever may read it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from tests.security.planting import PLANTED, written_columns
from tests.test_permissions import World, methods_of, people, routes, world  # noqa: F401 - fixtures
from zhongshi.accounts.actors import Actor
from zhongshi.core.models import Robot

RAW = (b"<img src=x", b"onerror=alert(1)>", b"'\">")
SHOWN = b"&lt;img src=x onerror=alert(1)&gt;"
PAGES = sorted({route for route, view in routes() if "GET" in methods_of(view) and not route.startswith("api/")})


def _plant() -> set[str]:
    """Put the text into every column people write into; the columns it went into."""
    planted = set()
    for model, field in written_columns():
        try:
            with transaction.atomic():
                if model._default_manager.update(**{field.name: PLANTED}):
                    planted.add(f"{model.__name__}.{field.name}")
        except IntegrityError:
            # A constraint allows only certain words there.
            continue
    return planted


@pytest.mark.parametrize("who", ["owner", "operator", "admin"])
def test_no_page_runs_what_somebody_wrote(
    who: str,
    world: World,  # noqa: F811
    people: dict[str, Actor | None],  # noqa: F811
    zone_admin: Actor,
) -> None:
    Robot.objects.create(organization=zone_admin.organization, kind="wecom", name="x", address="https://a.example/x")
    planted = _plant()
    assert {"Need.title", "Need.text", "Question.text", "Organization.name", "Platform.name", "Robot.name"} <= planted
    actor = people[who]
    assert actor is not None
    client = Client()
    client.force_login(actor.user)
    shown = 0
    for route in PAGES:
        answer: Any = client.get(world.address(route))
        if answer.streaming or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        for raw in RAW:
            assert raw not in answer.content, route
        shown += SHOWN in answer.content
    assert shown >= 5
