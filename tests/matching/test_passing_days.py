"""A day passes, and nobody touches anything: what a match stood on is gone, and both sides hear of it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from matching.models import Match
from platforms.models import Certificate, FreePeriod, Platform
from platforms.services import platform_load
from platforms.services.dates import listings_age
from platforms.tasks import take_up_dates
from requests.services import NeedInput, need_post
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Zone
from zhongshi.core import outbox
from zhongshi.core.models import Notification, OutboxEvent

pytestmark = pytest.mark.django_db(transaction=True)
GMP = {"kind": "qualification", "value": "GMP", "op": "require", "hard": True, "text": "GMP"}
FERMENTATION = {"kind": "process", "value": "发酵", "op": "require", "hard": True, "text": "发酵"}


def _in(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def _list(operator: Actor, **more: Any) -> None:
    periods = [{"from": f"{_in(20)}", "to": f"{_in(60)}"}, {"from": f"{_in(300)}", "to": f"{_in(305)}"}]
    part = {
        "id": "x-1-1", "name": "发酵线", "summary": "", "processes": ["发酵"], "qualifications": ["GMP"],
        "availability": periods,
    }  # fmt: skip
    paper = {"qualification": "GMP", "number": "SC-1", "valid_until": f"{_in(100)}"}
    record = {"id": "x-1", "name": "平台", "certificates": [paper], "capabilities": [part], **more}
    platform_load(record=record, zone=operator.zone, organization=operator.organization, publish=True)


def _window(first: int, last: int) -> dict[str, Any]:
    dates = {"earliest_start": f"{_in(first)}", "latest_start": f"{_in(last)}", "weeks": 2}
    return {"kind": "window", **dates, "hard": True, "text": "档期"}


def _post(enterprise: Actor, *conditions: dict[str, Any]) -> Match:
    entered = NeedInput(title="发酵放大", text="需要发酵", conditions=[FERMENTATION, *conditions])
    need_post(actor=enterprise, entered=entered)
    _run_all()
    return Match.objects.get()


def _run_all() -> None:
    while events := list(OutboxEvent.objects.filter(state="pending").exclude(topic="notification.owed").order_by("id")):
        for event in events:
            assert outbox.run(event.pk) is True


def _pass(days: int) -> None:
    """Move everything back by `days`, which is what a day that passes does, and run the daily task."""
    back = timedelta(days=days)
    Platform.objects.update(dated_on=F("dated_on") - back)
    FreePeriod.objects.update(starts_on=F("starts_on") - back, ends_on=F("ends_on") - back)
    Certificate.objects.update(valid_until=F("valid_until") - back)
    take_up_dates()
    _run_all()


def _told(event: str) -> list[str]:
    return list(Notification.objects.filter(event=event).values_list("recipient__username", flat=True))


def test_free_days_that_pass_close_an_unanswered_match(zone: Zone, enterprise: Actor, operator: Actor) -> None:
    Zone.objects.update(approves_itself=True, approval_score=10)
    _list(operator)
    lead = _post(enterprise, _window(0, 290))
    assert (lead.status, [line["verdict"] for line in lead.verdicts]) == ("approved", ["pass", "pass"])

    _pass(days=61)

    lead.refresh_from_db()
    assert (lead.status, _told("match.unfit"), _told("match.gone")) == ("withdrawn", ["operator"], ["enterprise"])
    assert take_up_dates() is None
    assert OutboxEvent.objects.filter(topic="listing.changed", state="pending").count() == 0


def test_an_expired_certificate_makes_the_qualification_unknown_not_failed(
    zone: Zone, enterprise: Actor, operator: Actor
) -> None:
    _list(operator)
    match = _post(enterprise, GMP)
    assert [line["verdict"] for line in match.verdicts] == ["pass", "pass"]
    before = match.score

    _pass(days=101)

    match.refresh_from_db()
    assert (match.status, [line["verdict"] for line in match.verdicts]) == ("proposed", ["pass", "unknown"])
    assert match.score < before
    assert _told("certificate.expired") == ["operator"]


def test_days_without_the_task_lose_nothing(zone: Zone, enterprise: Actor, operator: Actor) -> None:
    _list(operator)
    match = _post(enterprise, GMP)

    _pass(days=99)
    _pass(days=20)

    match.refresh_from_db()
    assert match.verdicts[1]["verdict"] == "unknown"
    assert _told("certificate.expiring") == ["operator"]


def test_a_calendar_that_has_run_out_says_nothing(zone: Zone, enterprise: Actor, operator: Actor) -> None:
    _list(operator)
    match = _post(enterprise, _window(0, 100))

    _pass(days=310)

    match.refresh_from_db()
    assert (match.status, match.verdicts[1]["verdict"]) == ("proposed", "unknown")
    assert listings_age(today=timezone.localdate()) == 0
