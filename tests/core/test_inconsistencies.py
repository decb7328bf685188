"""Work that is owed by nobody is found, counted and mended; work that is on its way is left alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from matching.models import Match
from platforms.models import ImportJob
from requests.models import Need
from tests.factories import ImportJobFactory, ScoringRunFactory, make_actor
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core import inconsistencies, metrics, outbox
from zhongshi.core.models import Channel, Delivery, Notification, OutboxEvent

LONG_AGO = timedelta(hours=1)


@pytest.fixture(autouse=True)
def counted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inconsistencies, "_counted", (0.0, {}))


@pytest.fixture(params=inconsistencies.kinds())
def broken(request: pytest.FixtureRequest) -> tuple[str, Any]:
    """Each kind with a row of it."""
    return request.param, request.getfixturevalue(request.param.replace(" ", "_"))


@pytest.fixture
def needs_not_scored(need: Need) -> Need:
    Need.objects.update(updated_at=timezone.now() - LONG_AGO)
    return need


@pytest.fixture
def matches_of_closed_needs(lead: Match) -> Need:
    Notification.objects.all().delete()
    Need.objects.update(status="withdrawn", status_changed_at=timezone.now() - LONG_AGO)
    return lead.need


@pytest.fixture
def leads_nobody_was_told_of(lead: Match) -> Match:
    ScoringRunFactory.create(need=lead.need, revision=9)
    Match.objects.update(reviewed_at=timezone.now() - LONG_AGO)
    return lead


@pytest.fixture
def imports_not_run(operator: Actor) -> ImportJob:
    return ImportJobFactory.create(
        organization=operator.organization, created_by=operator.user, started_at=timezone.now() - LONG_AGO
    )


@pytest.fixture
def notices_not_handed_on(enterprise: Actor) -> Notification:
    row = Notification.objects.create(recipient=enterprise.user, event="need.scored", dedupe_key="k")
    Notification.objects.update(created_at=timezone.now() - LONG_AGO)
    return row


@pytest.fixture
def deliveries_not_sent(notices_not_handed_on: Notification) -> Delivery:
    notice = notices_not_handed_on
    row = Delivery.objects.create(key="d", channel=Channel.MAIL, recipient=notice.recipient, notification=notice)
    Delivery.objects.update(created_at=timezone.now() - LONG_AGO)
    return row


def test_it_is_found_and_mended_once(broken: tuple[str, Any]) -> None:
    name, row = broken

    assert [found.pk for found in inconsistencies.found(name)] == [row.pk]
    before = set(OutboxEvent.objects.values_list("pk", flat=True))
    assert inconsistencies.mend(name) == 1

    owed = OutboxEvent.objects.exclude(pk__in=before)
    assert owed.count() >= 1
    assert set(owed.values_list("state", flat=True)) == {"pending"}
    assert inconsistencies.found(name) == []


def test_the_command_fails_until_it_is_mended(broken: tuple[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    name, _row = broken

    with pytest.raises(CommandError, match="--mend"):
        call_command("owed")
    call_command("owed", "--mend")

    assert f"{name}: 1 owed anew" in capsys.readouterr().out


def test_the_metric_counts_it(broken: tuple[str, Any]) -> None:
    assert f'zhongshi_owed_by_nobody{{kind="{broken[0]}"}} 1.0'.encode() in metrics.exposition()


def test_counts_are_kept_for_some_minutes(needs_not_scored: Need, monkeypatch: pytest.MonkeyPatch) -> None:
    assert inconsistencies.counts()["needs not scored"] == 1
    Need.objects.update(status="withdrawn")
    assert inconsistencies.counts()["needs not scored"] == 1
    monkeypatch.setattr(inconsistencies, "COUNT_EVERY_SECONDS", 0.0)
    assert inconsistencies.counts()["needs not scored"] == 0


def test_what_was_written_just_now_is_still_on_its_way(need: Need) -> None:
    assert inconsistencies.found("needs not scored") == []


@pytest.mark.parametrize("state", ["pending", "dead"])
def test_what_an_outbox_row_stands_for_is_no_inconsistency(state: str, needs_not_scored: Need) -> None:
    """A dead row too: somebody decides about it on its own page."""
    outbox.emit("need.opened", key="k", need_id=needs_not_scored.pk, revision=1)
    OutboxEvent.objects.update(state=state)

    assert inconsistencies.found("needs not scored") == []


def test_a_done_row_that_left_nothing_behind_is_found(needs_not_scored: Need) -> None:
    outbox.emit("need.opened", key="k", need_id=needs_not_scored.pk, revision=1)
    OutboxEvent.objects.update(state="done", done_at=timezone.now())

    assert inconsistencies.found("needs not scored") == [needs_not_scored]


def test_a_lead_some_colleague_was_told_of_is_none(leads_nobody_was_told_of: Match) -> None:
    inconsistencies.mend("leads nobody was told of")
    operator = leads_nobody_was_told_of.capability.platform.organization
    assert operator is not None
    make_actor(Role.OPERATOR, operator.zone, organization=operator)

    assert inconsistencies.found("leads nobody was told of") == []


def test_a_mended_need_is_scored(needs_not_scored: Need) -> None:
    inconsistencies.mend("needs not scored")
    row = OutboxEvent.objects.get(handler="matching.services.scoring.need_score")

    assert row.payload == {"need_id": needs_not_scored.pk, "revision": 1}


def test_where_all_is_well_the_command_says_so(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("owed")

    assert capsys.readouterr().out.splitlines() == [f"{name}: 0" for name in inconsistencies.kinds()]
