"""``manage.py dump_exchange [--zone CODE] > FILE``: what load_exchange reads."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from platforms.models import Platform
from platforms.selectors import platform_record
from requests.models import Need
from requests.selectors import need_record
from zhongshi.accounts.models import Zone


class Command(BaseCommand):
    help = "Write platforms and needs as JSON Lines to standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--zone", help="only this zone's")

    def handle(self, *args: Any, **options: Any) -> None:
        zones = Zone.objects.all()
        if options["zone"]:
            zones = zones.filter(code=options["zone"])
            if not zones:
                raise CommandError(f"There is no zone {options['zone']}.")
        for platform in Platform.objects.filter(zone__in=zones).order_by("pk").iterator(chunk_size=500):
            self._write(platform_record(platform))
        for need in Need.objects.filter(zone__in=zones).order_by("pk").prefetch_related("conditions").iterator(500):
            self._write(need_record(need))

    def _write(self, record: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(record, ensure_ascii=False))
