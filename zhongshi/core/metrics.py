"""Figures for Prometheus, counted from the rows when asked: every web process gives the same answer.

An app adds its own by `gauge(...)` in its `ready`; this ground floor knows only its own tables.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from math import ceil, inf, nan

from django.db.models import Count, Model
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from . import audit_chain, broker, pulses
from .models import Delivery, Notification, OutboxEvent

Count_ = Callable[[], float | Mapping[str, float]]
_gauges: dict[str, tuple[str, str, Count_]] = {}


def gauge(name: str, help_text: str, count: Count_, *, label: str = "") -> None:
    """Have `count` called at each scrape; with `label` it gives {label value: number}. A second call replaces."""
    _gauges[name] = (help_text, label, count)


class _Rows(Collector):
    """Counts at the time of the scrape."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield one family for each registered figure."""
        for name, (help_text, label, count) in _gauges.items():
            family = GaugeMetricFamily(name, help_text, labels=[label] if label else [])
            found = count()
            for value, number in found.items() if isinstance(found, Mapping) else [("", found)]:
                family.add_metric([value] if label else [], number)
            yield family


registry = CollectorRegistry()
registry.register(_Rows())


def exposition() -> bytes:
    """All figures in Prometheus' text format."""
    return generate_latest(registry)


def by_value(model: type[Model], column: str, values: Iterable[str]) -> dict[str, float]:
    """Count the rows of `model` for each of `values`, those without rows as 0."""
    counted = dict(model._default_manager.order_by().values_list(column).annotate(n=Count("pk")))  # noqa: SLF001
    return {value: counted.get(value, 0) for value in values}


LATELY = timedelta(minutes=15)
# Rows looked at for "lately": bounded, so that a scrape costs the same with a million rows.
LAST_ROWS = 2000


def quantile(numbers: Sequence[float], share: float) -> float:
    """Return the smallest of `numbers` that at least `share` (0..1) of them do not exceed; NaN for none."""
    ordered = sorted(numbers)
    return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else nan


def spread(numbers: Sequence[float]) -> dict[str, float]:
    """Median, 95th of a hundred and largest, by the name Prometheus gives them; NaN for none."""
    return {str(share): quantile(numbers, share) for share in (0.5, 0.95, 1)}


def done_seconds() -> dict[str, float]:
    """By topic: seconds from the cause to its committed effect, which 95 of a hundred did not exceed lately.

    Counted from rows and not in a histogram: workers have no port to be asked at, and rows survive them.
    """
    since = timezone.now() - LATELY
    last = OutboxEvent.objects.order_by("-id").values_list("topic", "state", "created_at", "done_at")[:LAST_ROWS]
    by_topic: dict[str, list[float]] = defaultdict(list)
    for topic, state, created_at, done_at in last:
        if state == OutboxEvent.State.DONE and done_at and done_at >= since:
            by_topic[topic].append((done_at - created_at).total_seconds())
    return {topic: quantile(seconds, 0.95) for topic, seconds in by_topic.items()}


def silent_seconds() -> dict[str, float]:
    """By queue: seconds since a worker showed that it works on it; infinite before the first time."""
    return {queue: _age(pulses.of_queue(queue)) for queue in broker.QUEUES}


def _age(pulse: str) -> float:
    # Infinite and not NaN: what never happened is older than every limit, and NaN raises no alarm.
    age = pulses.age_seconds(pulse)
    return inf if age is None else age


def oldest_due_seconds() -> float:
    """For how long the oldest event that may run has been waiting; 0 where none is."""
    oldest = (
        OutboxEvent.objects.filter(state__in=["pending", "leased"], available_at__lte=timezone.now())
        .order_by("available_at")
        .values_list("available_at", flat=True)
        .first()
    )
    return 0.0 if oldest is None else round((timezone.now() - oldest).total_seconds(), 1)


gauge(
    "zhongshi_outbox_events",
    "Outbox events by state.",
    lambda: by_value(OutboxEvent, "state", OutboxEvent.State.values),
    label="state",
)
gauge("zhongshi_outbox_oldest_due_seconds", "Age of the oldest event that is due.", oldest_due_seconds)
gauge(
    "zhongshi_workers_silent_seconds",
    "Seconds since a worker last took up the sweep; NaN before the first time.",
    lambda: age if (age := pulses.age_seconds(pulses.WORKERS)) is not None else nan,
)
gauge("zhongshi_outbox_done_seconds", "Cause to effect lately, 95th of a hundred.", done_seconds, label="topic")
gauge("zhongshi_queue_silent_seconds", "Seconds since a worker worked on it.", silent_seconds, label="queue")
gauge("zhongshi_queue_messages", "Messages waiting; none when the broker is away.", broker.lengths, label="queue")
gauge("zhongshi_backup_age_seconds", "Since the last finished backup.", lambda: _age(pulses.BACKUP))
gauge("zhongshi_broker_up", "Whether the broker answers.", lambda: float(broker.state() == "ok"))
gauge(
    "zhongshi_notifications_unread",
    "Notices nobody has read yet.",
    lambda: Notification.objects.filter(read_at__isnull=True).count(),
)
gauge(
    "zhongshi_deliveries",
    "Notices on their way by mail and robot, by state.",
    lambda: by_value(Delivery, "state", Delivery.State.values),
    label="state",
)
gauge("zhongshi_audit_waiting", "Entries of the audit trail that have no seal yet.", audit_chain.waiting)
