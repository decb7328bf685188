"""``manage.py load_demo``: the demo zone, its accounts, the real platforms, and what happened so far."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from matching.services.demo import demo_load
from matching.services.demo_story import story_tell


class Command(BaseCommand):
    help = "Load the demo; only where DEMO is set, since its accounts have a public password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-story", action="store_true", help="no needs and leads: listings and accounts only")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo accounts have a public password: set DEMO=1 to load them.")
        counts = demo_load()
        self.stdout.write("demo platforms: " + ", ".join(f"{number} {outcome}" for outcome, number in counts.items()))
        if not options["no_story"]:
            self.stdout.write(f"demo needs: {story_tell()} posted")
