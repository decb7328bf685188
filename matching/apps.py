"""App `matching`."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"

    def ready(self) -> None:
        """Subscribe to what the lower apps report, and give the notices their words."""
        from zhongshi.core import outbox  # noqa: PLC0415 - app ready

        from . import wordings  # noqa: PLC0415 - app ready

        outbox.subscribe("need.opened", "matching.services.scoring.need_score")
        outbox.subscribe("need.closed", "matching.services.closing.need_close")
        wordings.register_all()
