"""``manage.py load_demo``: the demo zone, its accounts and the real platforms."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from matching.services.demo import demo_load


class Command(BaseCommand):
    help = "Load the demo; only where DEMO is set, since its accounts have a public password."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo accounts have a public password: set DEMO=1 to load them.")
        counts = demo_load()
        self.stdout.write("demo platforms: " + ", ".join(f"{number} {outcome}" for outcome, number in counts.items()))
