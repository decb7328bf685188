"""`manage.py worker_alive score celery`: does somebody work on these queues? For health checks of workers."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from zhongshi.core import broker, pulses

SILENT_AFTER_SECONDS = 60.0


class Command(BaseCommand):
    """Ends with 0 when each queue showed life within a minute, or when what is missing is not the worker's."""

    help = "Is there life on these queues? 0: yes, or nobody could tell; 1: no, so restart the worker."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take names of queues."""
        parser.add_argument("queues", nargs="+", choices=broker.QUEUES)

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was found."""
        try:
            silent = [queue for queue in options["queues"] if _is_silent(queue)]
        except DatabaseError:
            self.stdout.write("unknown: the database does not answer, which no restart of a worker mends")
            return
        if silent and broker.state() != "ok":
            self.stdout.write("unknown: the broker is away, which no restart of a worker mends")
        elif silent:
            self.stderr.write(f"silent: {', '.join(silent)}")
            sys.exit(1)
        else:
            self.stdout.write("alive")


def _is_silent(queue: str) -> bool:
    age = pulses.age_seconds(pulses.of_queue(queue))
    return age is None or age > SILENT_AFTER_SECONDS
