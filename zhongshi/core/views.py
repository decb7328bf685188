"""Is the process alive; can it serve."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from . import broker
from .models import OutboxEvent


@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers; depends on nothing else."""
    return JsonResponse({"status": "ok"})


@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and is migrated, else 503 naming the part. The broker is only reported."""
    parts: dict[str, Any] = {"database": _database(), "migrations": "unknown"}
    if parts["database"] == "ok":
        parts["migrations"] = _migrations()
        parts["oldest_due_seconds"] = _oldest_due_seconds() if parts["migrations"] == "ok" else None
    ready = parts["database"] == "ok" and parts["migrations"] == "ok"
    parts["broker"] = broker.state()
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


def _oldest_due_seconds() -> float:
    oldest = (
        OutboxEvent.objects.filter(state__in=["pending", "leased"], available_at__lte=timezone.now())
        .order_by("available_at")
        .values_list("available_at", flat=True)
        .first()
    )
    return 0.0 if oldest is None else round((timezone.now() - oldest).total_seconds(), 1)
