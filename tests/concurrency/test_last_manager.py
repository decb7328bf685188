"""Managers who give up at once, each on a connection of its own, leave one behind; so do two who confirm one code."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tests.factories import OrganizationFactory, make_actor
from zhongshi.accounts import links
from zhongshi.accounts.actors import Actor, actor_of
from zhongshi.accounts.enums import Role
from zhongshi.accounts.models import Membership, Organization, Registration, User, Zone
from zhongshi.accounts.services.members import member_remove, member_set_manager
from zhongshi.accounts.services.registering import registration_confirm
from zhongshi.core.errors import DomainError
from zhongshi.core.models import OutboxEvent

pytestmark = pytest.mark.django_db(transaction=True)


def _at_once(*attempts: Callable[[], None]) -> list[str]:
    """Run all at the same moment; what was refused, by name of the refusal."""
    refused: list[str] = []
    start = threading.Barrier(len(attempts))

    def run(attempt: Callable[[], None]) -> None:
        start.wait()
        try:
            attempt()
        except DomainError as refusal:
            refused.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[attempt]) for attempt in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def _managers(zone: Zone, number: int) -> list[Actor]:
    organization = OrganizationFactory.create(zone=zone)
    people = [make_actor(Role.ENTERPRISE, zone, organization=organization).user for _ in range(number)]
    Membership.objects.filter(organization=organization).update(is_manager=True)
    actors = [actor_of(user) for user in people]
    return [actor for actor in actors if actor is not None]


@pytest.mark.parametrize("leaves", [True, False])
def test_one_of_four_managers_stays(zone: Zone, leaves: bool) -> None:
    actors = _managers(zone, 4)

    def give_up(actor: Actor) -> None:
        own = Membership.objects.get(user=actor.user)
        if leaves:
            member_remove(actor=actor, member=own)
        else:
            member_set_manager(actor=actor, member=own, is_manager=False)

    refused = _at_once(*(lambda actor=actor: give_up(actor) for actor in actors))  # type: ignore[misc]

    assert refused == ["DomainError"]
    assert Membership.objects.filter(organization=actors[0].organization, is_manager=True).count() == 1


def test_two_who_remove_each_other_do_not_both_succeed(zone: Zone) -> None:
    first, second = _managers(zone, 2)
    rows = {actor.user.pk: Membership.objects.get(user=actor.user) for actor in (first, second)}

    refused = _at_once(
        lambda: member_remove(actor=first, member=rows[second.user.pk]),
        lambda: member_remove(actor=second, member=rows[first.user.pk]),
    )

    assert refused == ["NotAllowed"]
    assert Membership.objects.filter(organization=first.organization, is_manager=True).count() == 1


def test_of_registrations_with_one_code_one_opens_and_the_others_are_reported(zone: Zone) -> None:
    tokens = []
    for number in range(3):
        row = Registration.objects.create(
            kind="enterprise",
            zone=zone,
            organization={"name": "新材料公司", "credit_code": "91110000600037341L"},
            person_name="李明",
            email=f"p{number}@example.cn",
            password="!",
            language="en",
            consent_version="1",
            expires_at=timezone.now() + timedelta(days=1),
        )
        tokens.append(links.sign(links.REGISTRATION, str(row.uuid)))

    refused = _at_once(*(lambda token=token: registration_confirm(token=token) for token in tokens))  # type: ignore[misc]

    assert refused == []
    assert (Organization.objects.count(), User.objects.count()) == (1, 1)
    assert [row.payload["kind"] for row in OutboxEvent.objects.filter(topic="account_mail.owed")] == ["taken"] * 2
