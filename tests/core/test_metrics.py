"""GET /metrics"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from tests.factories import MatchFactory, NeedFactory
from zhongshi.core.models import Delivery, Notification, OutboxEvent


def _figures(client: Client) -> dict[str, float]:
    answer = client.get("/metrics")
    assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (200, "text/plain")
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def _event(key: str, **columns: Any) -> OutboxEvent:
    columns = {"available_at": timezone.now(), **columns}
    return OutboxEvent.objects.create(topic="test", handler="none", key=key, **columns)


def test_counts_the_rows(client: Client, db: None, enterprise: Any) -> None:
    due = timezone.now() - timedelta(seconds=100)
    _event("a", available_at=due)
    _event("b", available_at=timezone.now() + timedelta(seconds=100))
    _event("c", state="dead")
    Notification.objects.create(recipient=enterprise.user, event="x", dedupe_key="1")
    Notification.objects.create(recipient=enterprise.user, event="x", dedupe_key="2", read_at=timezone.now())
    Delivery.objects.create(key="d", channel="mail", state="dead")
    NeedFactory.create_batch(2)
    NeedFactory.create(status="withdrawn")
    MatchFactory.create(need=NeedFactory.create(status="withdrawn"), approved=True)
    figures = _figures(client)

    assert figures['zhongshi_outbox_events{state="pending"}'] == 2
    assert figures['zhongshi_outbox_events{state="leased"}'] == 0
    assert figures['zhongshi_outbox_events{state="dead"}'] == 1
    assert 100 <= figures["zhongshi_outbox_oldest_due_seconds"] <= (timezone.now() - due).total_seconds() + 0.1
    assert figures["zhongshi_notifications_unread"] == 1
    assert figures['zhongshi_deliveries{state="dead"}'] == 1
    assert figures['zhongshi_deliveries{state="waiting"}'] == 0
    assert figures['zhongshi_needs{status="open"}'] == 2
    assert figures['zhongshi_needs{status="withdrawn"}'] == 2
    assert figures['zhongshi_matches{status="approved"}'] == 1
    assert figures["zhongshi_imports_unfinished"] == 0


def test_an_empty_service_has_figures_too(client: Client, db: None) -> None:
    figures = _figures(client)

    assert figures["zhongshi_outbox_oldest_due_seconds"] == 0
    assert figures['zhongshi_needs{status="open"}'] == 0
