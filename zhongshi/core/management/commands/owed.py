"""``manage.py owed``: is any work owed by nobody?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from zhongshi.core import inconsistencies


class Command(BaseCommand):
    """Count rows that nothing will carry on; ends with status 1 where there are any and they are not mended."""

    help = "Find rows whose work no outbox row will do; --mend owes it anew."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --mend."""
        parser.add_argument("--mend", action="store_true", help="owe the work of what is found")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each kind."""
        left = 0
        for name in inconsistencies.kinds():
            number = inconsistencies.mend(name) if options["mend"] else len(inconsistencies.found(name))
            self.stdout.write(f"{name}: {number}{' owed anew' if options['mend'] and number else ''}")
            left += 0 if options["mend"] else number
        if left:
            raise CommandError(f"{left} rows wait for work that nobody owes. Run it again with --mend.")
