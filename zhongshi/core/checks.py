"""System checks of our own settings."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def lease_outlives_task(**kwargs: Any) -> list[CheckMessage]:
    """Time limits must nest, or a row is taken up again while its first worker still runs."""
    limit, lease = settings.CELERY_TASK_TIME_LIMIT, settings.OUTBOX_LEASE_SECONDS
    visibility = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    if limit < lease < visibility or settings.OUTBOX_LEASE_SECONDS <= 15:
        return []
    return [
        Error(
            f"CELERY_TASK_TIME_LIMIT ({limit}) < OUTBOX_LEASE_SECONDS ({lease}) < visibility_timeout ({visibility}) "
            "does not hold.",
            id="core.E001",
        )
    ]
