"""New rules reach the needs that are open: one event, batch after batch."""

from __future__ import annotations

from django.db import transaction

from matching.models import RulesVersion
from matching.zone_rules import rules_in_force
from requests.models import Need
from zhongshi.core import outbox
from zhongshi.core.models import OutboxEvent

from .scoring import need_rescore

NEEDS_AT_ONCE = 50


def rules_rescore(*, event: OutboxEvent, rules_id: int, after: int) -> None:
    """Score the zone's open needs again, those with a primary key above `after`, and hand on what is left.

    Outbox handler; may run twice, late, or beside itself. A batch stays within a worker's time; the next one is a
    fact of the same transaction. Rules replaced meanwhile have nothing to do: their successor has its own event.
    """
    assert event.lease_token is not None  # noqa: S101 - a claimed event has one
    saved = RulesVersion.objects.select_related("zone").get(pk=rules_id)
    batch = _batch(saved, after)
    with transaction.atomic(durable=True):
        if len(batch) == NEEDS_AT_ONCE:
            emit_rescoring(saved, after=batch[-1].pk)
        outbox.finish(event.pk, event.lease_token)


def emit_rescoring(saved: RulesVersion, *, after: int = 0) -> None:
    """Owe the rescoring of what comes after `after`; in the caller's transaction."""
    outbox.emit("rules.saved", key=f"rules:{saved.uuid}:{after}", rules_id=saved.pk, after=after)


def _batch(saved: RulesVersion, after: int) -> list[Need]:
    """Score one batch again and return it; nothing where other rules are in force by now."""
    if saved.zone is None:
        return []
    rules = rules_in_force(saved.zone)
    if rules.saved != saved:
        return []
    needs = Need.objects.open().filter(zone=saved.zone, pk__gt=after).prefetch_related("conditions")
    batch = list(needs.order_by("pk")[:NEEDS_AT_ONCE])
    for need in batch:
        need_rescore(need, rules)
    return batch
