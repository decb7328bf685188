"""Signing beside withdrawing, signing twice at once, reading beside a revocation: one wins, nothing leaks."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from matching.models import Match
from matching.services.reading import lead_read
from matching.services.signing import agreement_decide
from requests.disclosure import FullText
from requests.models import Agreement, Disclosure, Need
from requests.services.needs import need_withdraw
from tests.factories import make_actor
from tests.matching.confidential import classify, reader, sign
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core.errors import DomainError
from zhongshi.core.models import AuditEntry

pytestmark = pytest.mark.django_db(transaction=True)


def _at_once(*attempts: Callable[[], object]) -> list[object]:
    """What each gave back, or the refusal it met; all start together, each on its own connection."""
    start, answers = threading.Barrier(len(attempts)), dict[int, object]()

    def run(place: int) -> None:
        try:
            start.wait()
            answers[place] = attempts[place]()
        except DomainError as refusal:
            answers[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[place]) for place in range(len(attempts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answers[place] for place in range(len(attempts))]


def _fresh(match: Match) -> Match:
    return Match.objects.select_related("need__zone", "capability__platform__organization").get(pk=match.pk)


def test_signing_and_withdrawing_are_one_after_the_other(lead: Match, operator: Actor, enterprise: Actor) -> None:
    need = classify(lead.need)

    signed, withdrawn = _at_once(
        lambda: sign(operator, _fresh(lead)), lambda: need_withdraw(actor=enterprise, need=need)
    )

    assert isinstance(withdrawn, Need)
    kept = Agreement.objects.filter(need=need)
    assert kept.exists() is isinstance(signed, Agreement)
    order = AuditEntry.objects.filter(action__in=["signed", "status"]).order_by("id")
    if isinstance(signed, Agreement):
        assert [(row.action, row.to_status) for row in order] == [("signed", ""), ("status", "withdrawn")]
    else:
        assert [(row.action, row.to_status) for row in order] == [("status", "withdrawn")]


def test_of_two_managers_one_signs(lead: Match, operator: Actor) -> None:
    classify(lead.need)
    colleague = make_actor(Role.OPERATOR, operator.zone, organization=operator.organization)

    answers = _at_once(lambda: sign(operator, _fresh(lead)), lambda: sign(colleague, _fresh(lead)))

    assert sorted(type(answer).__name__ for answer in answers) == ["Agreement", "IllegalTransition"]
    assert Agreement.objects.count() == 1


def test_no_reading_in_full_follows_a_revocation(lead: Match, operator: Actor, enterprise: Actor) -> None:
    classify(lead.need)
    agreement = sign(operator, _fresh(lead))

    def read() -> object:
        return lead_read(reader=reader(operator), match=_fresh(lead)).need

    *shapes, revoked = _at_once(
        *[read] * 6, lambda: agreement_decide(actor=enterprise, agreement=agreement, verdict="revoke")
    )

    assert isinstance(revoked, Agreement)
    in_full = sum(isinstance(shape, FullText) for shape in shapes)
    stages = list(Disclosure.objects.order_by("pk").values_list("stage", flat=True))
    assert stages.count("text") == in_full
    assert len(stages) == 6
    last = AuditEntry.objects.get(to_status="revoked")
    later = AuditEntry.objects.filter(action="disclosed", pk__gt=last.pk)
    assert {row.detail["stage"] for row in later} <= {"conditions"}
    assert not isinstance(read(), FullText)
