"""The usual way, to compare with: after the commit a message to the broker, and nothing kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from celery import shared_task
from django.db import transaction
from django.utils.module_loading import import_string

from zhongshi.core import outbox
from zhongshi.core.models import OutboxEvent


@shared_task(name="planted.run_plain")
def run_plain(*, handler: str, payload: dict[str, Any]) -> None:
    """Run the handler with an event that exists nowhere."""
    event = OutboxEvent(pk=0, handler=handler, payload=payload, attempts=1, lease_token=uuid4())
    import_string(handler)(event=event, **payload)


def emit(topic: str, *, key: str, available_at: datetime | None = None, **payload: Any) -> None:
    """In place of `outbox.emit`: send one message for each subscriber once the transaction is committed."""
    for handler in outbox._subscribers[topic]:
        transaction.on_commit(
            lambda handler=handler: run_plain.delay(handler=handler, payload=payload)  # type: ignore[misc]
        )


def finish(event_id: int, token: UUID) -> None:
    """In place of `outbox.finish`: there is no row."""
