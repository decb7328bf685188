"""``manage.py load_exchange FILE… [--zone CODE] [--publish]``."""

from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from matching.exchange import Line, is_platform, read_lines
from platforms.services import platform_load
from requests.services import need_load
from zhongshi.accounts.enums import OrganizationKind
from zhongshi.accounts.models import Organization, Zone
from zhongshi.core.errors import DomainError

OUTCOMES = ("created", "updated", "unchanged", "refused")


class Command(BaseCommand):
    help = "Load platforms and needs from exchange files; idempotent by id."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--zone", help="code of the zone that takes them; may be left out where there is one zone")
        parser.add_argument("--publish", action="store_true", help="publish listings and open needs at once")

    def handle(self, *args: Any, **options: Any) -> None:
        zone = self._zone(options["zone"])
        counts: Counter[str] = Counter()
        for path in options["files"]:
            if not path.is_file():
                raise CommandError(f"{path} is not a file.")
            for line in self._lines(path):
                counts[self._load(path, line, zone, publish=options["publish"])] += 1
        self.stdout.write(" ".join(f"{counts[outcome]} {outcome}" for outcome in OUTCOMES))
        if counts["refused"] and counts.total() == counts["refused"]:
            raise CommandError("Nothing could be loaded.")

    def _zone(self, code: str | None) -> Zone:
        zones = Zone.objects.filter(code=code) if code else Zone.objects.all()[:2]
        if len(zones) != 1:
            known = ", ".join(Zone.objects.values_list("code", flat=True)) or "none"
            raise CommandError(f"Name the zone with --zone CODE. Known zones: {known}.")
        return zones[0]

    def _lines(self, path: Path) -> list[Line]:
        try:
            return list(read_lines(path))
        except (OSError, EOFError) as error:
            raise CommandError(f"{path} cannot be read: {error}") from error

    def _load(self, path: Path, line: Line, zone: Zone, *, publish: bool) -> str:
        if line.record is None:
            return self._refuse(path, line, line.problem)
        try:
            if is_platform(line.record):
                return platform_load(record=line.record, zone=zone, publish=publish)
            return need_load(record=line.record, organization=importing_organization(zone), publish=publish)
        except DomainError as error:
            named = "; ".join(f"{name}: {' '.join(map(str, texts))}" for name, texts in (error.errors or {}).items())
            return self._refuse(path, line, named or str(error.detail))

    def _refuse(self, path: Path, line: Line, problem: str) -> str:
        self.stderr.write(f"{path}:{line.number}: {problem}")
        return "refused"


def importing_organization(zone: Zone) -> Organization:
    """Return the enterprise on whose behalf a zone's imported needs stand."""
    organization, _ = Organization.objects.get_or_create(
        zone=zone, kind=OrganizationKind.ENTERPRISE, name=f"{zone.name} · 导入需求"
    )
    return organization
