"""Is the process alive; can it serve."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from . import broker, deadletters, pulses, serving
from .metrics import exposition, oldest_due_seconds
from .scraping import may_scrape
from .telemetry import counters


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers; depends on nothing else."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and is migrated, else 503 naming the part.

    Broker, workers and what this process still builds are reported only.
    """
    parts: dict[str, Any] = {"database": _database(), "migrations": "unknown"}
    if parts["database"] == "ok":
        parts["migrations"] = _migrations()
    ready = parts["database"] == "ok" and parts["migrations"] == "ok"
    if ready:
        parts |= {
            "oldest_due_seconds": oldest_due_seconds(),
            "dead": deadletters.unseen().count(),
            "workers": pulses.state(pulses.WORKERS),
        }
    parts |= {"broker": broker.state(), **serving.states()}
    return JsonResponse({"status": "ok" if ready else "not ready", **parts}, status=200 if ready else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "no answer"
    return "ok"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return "ok" if not pending else f"{len(pending)} not applied"


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures in Prometheus' text format, for METRICS_ADDRESSES; nobody else learns that they exist."""
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    caller = request.META.get("REMOTE_ADDR", "")
    if not may_scrape(caller, request.headers.get("Authorization", ""), forwarded=forwarded):
        raise Http404
    return HttpResponse(exposition() + counters.exposition(), content_type=CONTENT_TYPE_LATEST)
