"""``manage.py audit_verify``: does the audit trail still say what was sealed?"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from zhongshi.core.audit_chain import waiting
from zhongshi.core.audit_check import read_anchors, walk


class Command(BaseCommand):
    """Walk the chain; ends with status 1 and the first broken row."""

    help = "Check the audit trail against its seals, and against anchors kept elsewhere."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take files of anchor lines; a log will do."""
        parser.add_argument("--anchors", action="append", default=[], help="log or anchor file, kept off this machine")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what holds, or fail naming what does not."""
        anchors: dict[int, str] = {}
        for name in options["anchors"]:
            with Path(name).open(encoding="utf-8") as lines:
                anchors |= read_anchors(lines)
        found = walk(anchors)
        if found.problem:
            raise CommandError(f"The audit trail is broken after {found.links} good links: {found.problem}.")
        self.stdout.write(
            f"{found.links} links hold, {len(anchors)} anchors agree, {waiting()} entries not sealed yet."
        )
        self.stdout.write(f"last digest {found.digest or '-'}")
