"""Supply as the engine takes it up, against the exchange records everybody else sees."""

import json

import pytest
from django.conf import settings

from platforms.models import Capability, Platform
from platforms.selectors import capability_record, changed_since, platform_head
from platforms.services.listings import platform_load
from zhongshi.accounts.models import Zone

pytestmark = pytest.mark.django_db


def test_the_engine_gets_what_the_exchange_records_say(zone: Zone) -> None:
    with (settings.BASE_DIR / "platforms/demo/platforms.jsonl").open(encoding="utf-8") as lines:
        for _, line in zip(range(6), lines, strict=False):
            platform_load(record=json.loads(line), zone=zone, publish=True)

    taken = {record.pk: record for record in changed_since(-1)}

    rows = Capability.objects.select_related("platform")
    assert taken.keys() == {row.pk for row in rows}
    for row in rows:
        record, facts = taken[row.pk], list(row.facts.all())
        expected = capability_record(row, [fact for fact in facts if not fact.is_lapsed])
        for parameter in expected["parameters"]:
            for name in parameter.keys() - {"quantity", "min", "max", "unit", "count", "text"}:
                del parameter[name]
        assert record.capability | {"availability": None} == expected | {"id": str(row.pk), "availability": None}
        head = platform_head(Platform.objects.get(pk=row.platform_id)) | {"id": str(row.platform_id)}
        assert {name: value for name, value in record.platform.items() if name != "capabilities"} == head
        assert [part["id"] for part in record.platform["capabilities"]] == [
            str(pk) for pk in row.platform.capabilities.values_list("pk", flat=True)
        ]
        assert [fact.text for fact in record.read] == [fact.text for fact in facts if fact.source != "declared"]
