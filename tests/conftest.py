"""People, a need, a lead between them, and a client that speaks the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation
from pytest_django import DjangoDbBlocker
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from matching.models import Match
from platforms.models import Capability
from requests.models import Need
from tests.factories import (
    CapabilityFactory,
    ConditionFactory,
    FactFactory,
    MatchFactory,
    NeedFactory,
    PlatformFactory,
    ZoneFactory,
    make_actor,
)
from tests.fresh import forget_catalogue
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.models import Zone

# How long one example takes says more about the machine's other work than about the code.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")

ApiOf = Callable[[Actor | None], APIClient]


@pytest.fixture(autouse=True)
def fresh_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process keeps in memory follows the catalogue clock, which a test's rollback turns back unseen."""
    forget_catalogue(monkeypatch)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Let tests that commit empty the trail behind them; what refuses TRUNCATE is switched on again by its own test."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in ("core_auditentry", "core_auditseal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER audit_keep_all")


@pytest.fixture
def english() -> Iterator[None]:
    """Messages as they stand in the code, for tests that look at words."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """Each test starts in the default language: a page's language stays active in the thread that served it."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def zone(db: None) -> Zone:
    return ZoneFactory.create(code="cd", name="成都高新区")


@pytest.fixture
def other_zone(db: None) -> Zone:
    return ZoneFactory.create(code="wh", name="武汉高新区")


@pytest.fixture
def enterprise(zone: Zone) -> Actor:
    """Owner of `need`."""
    return make_actor(Role.ENTERPRISE, zone, username="enterprise")


@pytest.fixture
def enterprise2(zone: Zone) -> Actor:
    """A stranger to everything."""
    return make_actor(Role.ENTERPRISE, zone, username="enterprise2")


@pytest.fixture
def operator(zone: Zone) -> Actor:
    """Runs the platform of `capability`."""
    return make_actor(Role.OPERATOR, zone, username="operator")


@pytest.fixture
def operator2(zone: Zone) -> Actor:
    """Runs nothing that takes part."""
    return make_actor(Role.OPERATOR, zone, username="operator2")


@pytest.fixture
def zone_admin(zone: Zone) -> Actor:
    """Works in the office of `zone`."""
    return make_actor(Role.ZONE_ADMIN, zone, username="zone_admin")


@pytest.fixture
def other_zone_admin(other_zone: Zone) -> Actor:
    """Works in the office of another zone."""
    return make_actor(Role.ZONE_ADMIN, other_zone, username="other_zone_admin")


@pytest.fixture
def capability(zone: Zone, operator: Actor) -> Capability:
    """Published, of the operator's platform, with the facts 发酵 and 500 L."""
    platform = PlatformFactory.create(zone=zone, organization=operator.organization)
    row = CapabilityFactory.create(platform=platform)
    FactFactory.create(capability=row)
    FactFactory.create(capability=row, volume=True, position=1)
    return row


@pytest.fixture
def need(enterprise: Actor) -> Need:
    """Open, the enterprise's, with the hard conditions 发酵 and 500 L."""
    row = NeedFactory.create(organization=enterprise.organization, created_by=enterprise.user)
    ConditionFactory.create(need=row)
    ConditionFactory.create(need=row, volume=True)
    return row


@pytest.fixture
def proposed(need: Need, capability: Capability) -> Match:
    """A match that waits for review."""
    return MatchFactory.create(need=need, capability=capability)


@pytest.fixture
def lead(need: Need, capability: Capability) -> Match:
    """An approved match: a lead that waits for its operator."""
    return MatchFactory.create(need=need, capability=capability, approved=True)


@pytest.fixture
def api() -> ApiOf:
    """Give a client that signs in as an actor by token, or as nobody for None."""

    def client_of(actor: Actor | None) -> APIClient:
        client = APIClient()
        if actor is not None:
            token, _ = Token.objects.get_or_create(user=actor.user)
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {token.key}")
        return client

    return client_of
