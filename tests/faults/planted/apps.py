"""App of the fault suite; never installed elsewhere."""

from dataclasses import replace

from django.apps import AppConfig
from django.conf import settings

SCORE = "matching.services.scoring.need_score"


class PlantedConfig(AppConfig):
    name = "tests.faults.planted"
    label = "planted"

    def ready(self) -> None:
        """Put the poison before the scoring, and in the variant "delay" take the outbox away."""
        from zhongshi.core import outbox  # noqa: PLC0415 - app ready

        from . import plain  # noqa: PLC0415 - app ready

        # A stranger's server is tried again after minutes in earnest; an experiment has not that long.
        for handler, retry in outbox._retries.items():
            outbox._retries[handler] = replace(retry, first=0.5, ceiling=5)
        handlers = outbox._subscribers["need.opened"]
        handlers[handlers.index(SCORE)] = "tests.faults.planted.poison.need_score"
        if settings.FAULT_VARIANT == "delay":
            outbox.emit = plain.emit
            outbox.finish = plain.finish
