"""What is kept for a time only: rules by table, carried out in small batches that wait for nobody.

An app adds its rules in its `ready`. Each names the setting that holds its days, so that docs/settings.md and
docs/privacy.md say what the service does; rows that somebody holds at the moment are left for the next time.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from . import metrics
from .models import Delivery, Notification

logger = logging.getLogger(__name__)
BATCH = 500
# Well below the time limit of a task; what is left of a large heap goes the next time.
PATIENCE_SECONDS = 20.0
COUNTED = 10_000
Rows = Callable[[datetime], QuerySet[Any]]
Forget = Callable[[QuerySet[Any]], int]


@dataclass(frozen=True, slots=True)
class Rule:
    """`rows` gives what is older than a moment; `setting` names the days; `forget` takes a batch, else it goes."""

    name: str
    setting: str
    rows: Rows
    forget: Forget | None = None

    def due(self) -> QuerySet[Any]:
        """The rows whose time is over now."""
        return self.rows(timezone.now() - timedelta(days=getattr(settings, self.setting)))


_rules: dict[str, Rule] = {}


def rule(name: str, setting: str, rows: Rows, forget: Forget | None = None) -> None:
    """Keep the rows of `name` for as many days as `setting` says. A second call replaces."""
    _rules[name] = Rule(name, setting, rows, forget)


def rules() -> Sequence[Rule]:
    """All rules, in the order in which they were made."""
    return list(_rules.values())


def sweep(one: Rule, *, until: float | None = None) -> int:
    """Forget what is due by one rule, batch by batch until `until` on the monotonic clock; how many rows.

    May run twice and beside itself.
    """
    forgotten = 0
    while until is None or time.monotonic() < until:
        with transaction.atomic():
            locked = one.due().order_by("pk").select_for_update(of=("self",), skip_locked=True)
            ids = list(locked.values_list("pk", flat=True)[:BATCH])
            batch = locked.model._base_manager.filter(pk__in=ids)  # noqa: SLF001
            if ids:
                (one.forget or _delete)(batch)
        forgotten += len(ids)
        if len(ids) < BATCH:
            break
    return forgotten


def sweep_all() -> dict[str, int]:
    """Forget by every rule; {rule: rows}. One that fails does not keep the others from their turn."""
    found = {}
    until = time.monotonic() + PATIENCE_SECONDS
    for one in rules():
        try:
            found[one.name] = sweep(one, until=until)
        except Exception:  # the rule is tried again soon; the others must not wait for it
            logger.exception("retention of %s failed", one.name)
    logger.info("retention %s", " ".join(f"{name}={number}" for name, number in found.items()))
    return found


def overdue() -> dict[str, float]:
    """How many rows each rule has to forget still, counted to ten thousand."""
    return {one.name: one.due().order_by().values("pk")[:COUNTED].count() for one in rules()}


def _delete(rows: QuerySet[Any]) -> int:
    return rows.delete()[0]


_ON_THE_WAY = Q(state__in=[Delivery.State.WAITING, Delivery.State.FAILED, Delivery.State.COLLECTED])

rule("notifications", "NOTIFICATION_KEEP_DAYS", lambda moment: Notification.objects.filter(created_at__lt=moment))
rule(
    "deliveries",
    "NOTIFICATION_KEEP_DAYS",
    lambda moment: Delivery.objects.exclude(_ON_THE_WAY).filter(created_at__lt=moment),
)
metrics.gauge("zhongshi_retention_overdue", "Rows kept longer than they should be, by rule.", overdue, label="rule")
