"""Figures each web process counts by itself; with PROMETHEUS_MULTIPROC_DIR (see `zhongshi.gunicorn`) their sum is told.

What can be counted from rows is not here but in `zhongshi.core.metrics`: rows survive restarts, and workers have no
port to be asked at.
"""

from __future__ import annotations

from django.conf import settings
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

_own = CollectorRegistry()
REQUESTS = Histogram(
    "zhongshi_request_seconds",
    "Time to answer a request, by name of the route.",
    ["route", "method", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5, 15),
    registry=_own,
)
QUERIES = Counter("zhongshi_request_queries", "Queries to the database made by requests.", ["route"], registry=_own)
NUDGES = Counter("zhongshi_nudges", "Wake-up calls to workers, by what became of them.", ["outcome"], registry=_own)
NUDGER_PAUSED = Gauge(
    "zhongshi_nudger_paused",
    "Web processes that wait before they call the broker again.",
    multiprocess_mode="livesum",
    registry=_own,
)
CATALOGUE_SEEN = Gauge(
    "zhongshi_catalogue_seen_version",
    "Version of the catalogue each web process last answered from.",
    multiprocess_mode="liveall",
    registry=_own,
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def exposition() -> bytes:
    """What the processes of this web server counted, in Prometheus' text format."""
    if not settings.PROMETHEUS_MULTIPROC_DIR:
        return generate_latest(_own)
    try:
        return generate_latest(_all())
    except FileNotFoundError:  # a process ended while its file was being read: its counts are in the sum by now
        return generate_latest(_all())


def _all() -> CollectorRegistry:
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
