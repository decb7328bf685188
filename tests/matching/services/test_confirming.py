"""What a lead leaves open, answered by its operator into the listing."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from matching.catalogue import find
from matching.models import Match
from matching.services.confirming import Reply, lead_confirm
from platforms.models import Capability, Fact
from platforms.services.listings import platform_load
from requests.models import Need
from tests.factories import ConditionFactory
from zhongshi.accounts.actors import Actor
from zhongshi.core.errors import IllegalTransition, InvalidInput, NotAllowed
from zhongshi.core.models import AuditEntry, OutboxEvent

pytestmark = pytest.mark.django_db(transaction=True)


def leave_open(lead: Match, *indexes: int) -> None:
    kinds = {row.position: row.kind for row in lead.need.conditions.all()}
    lines = [
        {"condition": index, "kind": kinds[index], "hard": True, "verdict": "unknown", "evidence": {"text": ""}}
        for index in indexes
    ]
    Match.objects.filter(pk=lead.pk).update(verdicts=lines)
    lead.refresh_from_db()


@pytest.fixture
def quiet(lead: Match) -> Match:
    """A lead whose listing says nothing and whose need asks for 发酵, 500 L and GMP or ISO 9001."""
    Fact.objects.all().delete()
    ConditionFactory.create(need=lead.need, kind="qualification", value=["GMP", "ISO9001"])
    leave_open(lead, 0, 1, 2)
    return lead


def answered(capability: Capability) -> list[tuple[str, str, str, float | None, float | None, bool]]:
    rows = capability.facts.filter(source="answered").order_by("id")
    return [(row.kind, row.value, row.quantity, row.low, row.high, row.is_negated) for row in rows]


def verdicts(need: Need) -> list[str]:
    records: list[dict[str, Any]] = [
        {"kind": row.kind, "value": row.value, "quantity": row.quantity, "min": row.low, "max": row.high}
        | {"unit": row.unit, "op": row.op, "hard": False, "text": ""}
        for row in need.conditions.all()
    ]
    (found,) = find({"title": "", "text": "", "conditions": records}, limit=5).found
    return [f"{line['verdict']} {line['evidence']['source']}".strip() for line in found.verdicts]


def test_a_yes_is_a_fact_with_its_date_and_who_gave_it(operator: Actor, quiet: Match) -> None:
    version = quiet.capability.version

    (fact,) = lead_confirm(actor=operator, match=quiet, index=0, reply=Reply(chosen="发酵"))

    assert answered(quiet.capability) == [("process", "发酵", "", None, None, False)]
    assert (fact.confirmed_by, bool(fact.confirmed_at)) == (operator.user, True)
    assert fact.source_date == f"{timezone.localdate(fact.confirmed_at):%Y-%m-%d}"
    quiet.capability.refresh_from_db()
    assert quiet.capability.version > version
    event = OutboxEvent.objects.get(topic="listing.changed", handler__contains="reversing")
    assert event.payload["platform_id"] == quiet.capability.platform_id
    entry = AuditEntry.objects.get(action="fact_answered")
    assert (entry.object_id, entry.actor_id, entry.detail["value"]) == (
        quiet.capability.uuid,
        operator.user.pk,
        "发酵",
    )


def test_answers_decide_the_verdicts_and_say_where_they_come_from(operator: Actor, quiet: Match) -> None:
    assert verdicts(quiet.need) == ["unknown", "unknown", "unknown"]

    lead_confirm(actor=operator, match=quiet, index=0, reply=Reply(chosen="no"))
    lead_confirm(actor=operator, match=quiet, index=1, reply=Reply(low=100, high=800, unit="L"))
    lead_confirm(actor=operator, match=quiet, index=2, reply=Reply(chosen="ISO9001"))

    assert verdicts(quiet.need) == ["fail answered", "pass answered", "pass answered"]


def test_no_to_several_denies_each(operator: Actor, quiet: Match) -> None:
    lead_confirm(actor=operator, match=quiet, index=2, reply=Reply(chosen="no"))

    assert answered(quiet.capability) == [
        ("qualification", "GMP", "", None, None, True),
        ("qualification", "ISO9001", "", None, None, True),
    ]


def test_a_second_answer_replaces_the_first(operator: Actor, quiet: Match) -> None:
    lead_confirm(actor=operator, match=quiet, index=0, reply=Reply(chosen="no"))
    lead_confirm(actor=operator, match=quiet, index=0, reply=Reply(chosen="发酵"))
    lead_confirm(actor=operator, match=quiet, index=1, reply=Reply(low=100, unit="L"))
    lead_confirm(actor=operator, match=quiet, index=1, reply=Reply(low=200, high=900, unit="L"))

    assert answered(quiet.capability) == [
        ("process", "发酵", "", None, None, False),
        ("parameter", "", "volume", 200, 900, False),
    ]


@pytest.mark.parametrize(
    ("index", "reply", "field"),
    [
        (0, Reply(chosen="冻干"), "chosen"),
        (0, Reply(), "chosen"),
        (1, Reply(unit="L"), "low"),
        (1, Reply(low=500, high=100, unit="L"), "high"),
        (1, Reply(low=500, unit="kg"), "unit"),
        (7, Reply(chosen="no"), None),
    ],
)
def test_what_cannot_be_stored_is_refused(
    operator: Actor, quiet: Match, index: int, reply: Reply, field: str | None
) -> None:
    with pytest.raises(InvalidInput) as refused:
        lead_confirm(actor=operator, match=quiet, index=index, reply=reply)

    assert set(refused.value.errors or {}) == ({field} if field else set())
    assert answered(quiet.capability) == []


def test_only_its_operator_answers_and_only_while_they_talk(
    operator: Actor, operator2: Actor, enterprise: Actor, quiet: Match
) -> None:
    for actor in (operator2, enterprise):
        with pytest.raises(NotAllowed):
            lead_confirm(actor=actor, match=quiet, index=0, reply=Reply(chosen="发酵"))
    Match.objects.filter(pk=quiet.pk).update(status="not_chosen")
    with pytest.raises(IllegalTransition):
        lead_confirm(actor=operator, match=quiet, index=0, reply=Reply(chosen="发酵"))

    assert answered(quiet.capability) == []


def test_an_answer_outlives_the_next_file(operator: Actor, quiet: Match) -> None:
    lead_confirm(actor=operator, match=quiet, index=0, reply=Reply(chosen="发酵"))
    platform = quiet.capability.platform
    part = {"id": quiet.capability.external_id, "name": "线"}
    record = {"id": platform.external_id, "name": "平台", "capabilities": [part]}

    platform_load(record=record, zone=operator.zone, organization=operator.organization)

    assert answered(quiet.capability) == [("process", "发酵", "", None, None, False)]
