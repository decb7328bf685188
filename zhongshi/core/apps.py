"""App `core`."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "zhongshi.core"
    label = "core"

    def ready(self) -> None:
        """Subscribe the post office; load the settings checks."""
        from . import checks, outbox  # noqa: F401, PLC0415 - app ready

        outbox.subscribe("notification.owed", "zhongshi.core.notifications.deliver")
