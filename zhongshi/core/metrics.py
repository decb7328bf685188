"""Figures for Prometheus, counted from the rows when asked: every web process gives the same answer.

An app adds its own by `gauge(...)` in its `ready`; this ground floor knows only its own tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from django.db.models import Count, Model
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from . import pulses
from .models import Notification, OutboxEvent

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
    lambda: age if (age := pulses.age_seconds(pulses.WORKERS)) is not None else float("nan"),
)
gauge(
    "zhongshi_notifications_unread",
    "Notices nobody has read yet.",
    lambda: Notification.objects.filter(read_at__isnull=True).count(),
)
