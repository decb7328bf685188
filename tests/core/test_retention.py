"""Rows on each side of the line, for every rule; what is held or on its way waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from rest_framework.authtoken.models import Token

from platforms.models import ImportJob
from requests.enums import NeedStatus
from requests.models import Need
from tests.factories import ImportJobFactory, NeedFactory, UserFactory
from zhongshi.accounts.models import Organization
from zhongshi.core import metrics, retention
from zhongshi.core.models import AuditEntry, Delivery, Notification

Make = Callable[[], Model]


def notice(**more: Any) -> Notification:
    number = Notification.objects.count()
    return Notification.objects.create(
        recipient=UserFactory.create(), event="need.opened", dedupe_key=f"key{number}", **more
    )


def delivery(state: str) -> Delivery:
    return Delivery.objects.create(key=f"key{Delivery.objects.count()}", channel="mail", state=state)


def token() -> Token:
    return Token.objects.create(user=UserFactory.create())


def draft(status: str = NeedStatus.DRAFT) -> Need:
    return NeedFactory.create(status=status)


def job(state: str) -> ImportJob:
    return ImportJobFactory.create(state=state)


LINES: dict[str, tuple[str, str, Make, Make | None]] = {
    "notifications": ("NOTIFICATION_KEEP_DAYS", "created_at", notice, None),
    "deliveries": (
        "NOTIFICATION_KEEP_DAYS",
        "created_at",
        lambda: delivery("sent"),
        lambda: delivery("waiting"),
    ),
    "drafts": ("DRAFT_KEEP_DAYS", "updated_at", draft, lambda: draft(NeedStatus.OPEN)),
    "imports": ("IMPORT_KEEP_DAYS", "finished_at", lambda: job("done"), lambda: job("undoing")),
    "tokens": ("API_TOKEN_DAYS", "created", token, None),
}


def rule(name: str) -> retention.Rule:
    return next(one for one in retention.rules() if one.name == name)


def aged(row: Model, column: str, age: timedelta) -> Model:
    type(row)._base_manager.filter(pk=row.pk).update(**{column: timezone.now() - age})
    return row


def test_every_rule_has_its_lines() -> None:
    assert {one.name for one in retention.rules()} == set(LINES)
    document = (settings.BASE_DIR / "docs" / "settings.md").read_text(encoding="utf-8")
    assert [one.setting for one in retention.rules() if f"`{one.setting}`" not in document] == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", LINES)
def test_what_is_older_goes_and_what_is_younger_stays(name: str) -> None:
    setting, column, make, make_spared = LINES[name]
    days, minute = timedelta(days=getattr(settings, setting)), timedelta(minutes=1)
    old = [aged(make(), column, days + minute) for _ in range(3)]
    young = aged(make(), column, days - minute)
    spared = [aged(make_spared(), column, days * 2)] if make_spared else []

    assert retention.sweep(rule(name)) == 3

    left = set(type(young)._base_manager.values_list("pk", flat=True))
    assert left == {young.pk, *(row.pk for row in spared)}
    assert not left & {row.pk for row in old}
    assert retention.sweep(rule(name)) == 0


@pytest.mark.django_db
def test_batches_are_small_and_all_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for _ in range(5):
        aged(notice(), "created_at", timedelta(days=181))
    assert retention.sweep_all()["notifications"] == 5


@pytest.mark.django_db
def test_a_deleted_draft_is_in_the_trail() -> None:
    row = aged(draft(), "updated_at", timedelta(days=366))
    retention.sweep(rule("drafts"))
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_id, entry.actor, entry.from_status) == ("deleted", row.uuid, None, "draft")


@pytest.mark.django_db
def test_a_rule_that_fails_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(moment: Any) -> QuerySet[Organization]:
        raise RuntimeError

    monkeypatch.setattr(
        retention, "_rules", {"broken": retention.Rule("broken", "OUTBOX_KEEP_DAYS", broken), **retention._rules}
    )
    aged(notice(), "created_at", timedelta(days=181))
    found = retention.sweep_all()
    assert ("broken" in found, found["notifications"]) == (False, 1)


@pytest.mark.django_db
def test_what_is_overdue_is_counted() -> None:
    aged(notice(), "created_at", timedelta(days=181))
    notice()
    assert b'zhongshi_retention_overdue{rule="notifications"} 1.0' in metrics.exposition()


@pytest.mark.django_db(transaction=True)
def test_held_rows_wait_for_the_next_time() -> None:
    rows = [aged(notice(), "created_at", timedelta(days=181)) for _ in range(2)]
    swept: list[int] = []

    def beside() -> None:
        swept.append(retention.sweep(rule("notifications")))
        connection.close()

    with transaction.atomic():
        Notification.objects.select_for_update().get(pk=rows[0].pk)
        other = Thread(target=beside)
        other.start()
        other.join()
    assert swept == [1]
    assert retention.sweep(rule("notifications")) == 1
