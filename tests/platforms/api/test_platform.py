"""GET /api/v1/platforms/{id}/"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from platforms.models import Capability, Certificate, Platform
from tests.conftest import ApiOf
from tests.factories import CapabilityFactory, FactFactory, PlatformFactory
from zhongshi.accounts.actors import Actor


def _url(platform: Platform) -> str:
    return f"/api/v1/platforms/{platform.uuid}/"


def test_answers_the_platform_with_its_capabilities(api: ApiOf, capability: Capability) -> None:
    platform = capability.platform
    Certificate.objects.create(platform=platform, qualification="GMP", number="川20260001", status="published")
    Certificate.objects.create(platform=platform, qualification="CNAS", status="submitted")
    hidden = CapabilityFactory.create(platform=platform, status="draft")
    body = api(None).get(_url(platform)).json()

    [listed] = body.pop("capabilities")
    assert body == {
        "id": str(platform.uuid),
        "external_id": platform.external_id,
        "name": platform.name,
        "operator": "某研究院",
        "operator_kind": "unknown",
        "country": "CN",
        "region": "510100",
        "city": "成都",
        "chains": ["生物制造"],
        "level": "",
        "operating_status": "",
        "source": {"url": "https://example.com/list", "date": "2025-12-25", "grade": "A"},
        "verified": False,
        "certificates": [
            {
                "qualification": "GMP",
                "number": "川20260001",
                "issuer": "",
                "scope": "",
                "valid_from": None,
                "valid_until": None,
            }
        ],
    }
    assert set(listed) == {"id", "external_id", "name", "summary", "facts"}
    assert (listed["id"], [fact["kind"] for fact in listed["facts"]]) == (
        str(capability.uuid),
        ["process", "parameter"],
    )
    assert hidden.name not in str(listed)


def test_its_operator_reads_the_drafts_too(api: ApiOf, operator: Actor, capability: Capability) -> None:
    draft = CapabilityFactory.create(platform=capability.platform, status="draft", position=9)
    body = api(operator).get(_url(capability.platform)).json()

    assert [row["id"] for row in body["capabilities"]] == [str(capability.uuid), str(draft.uuid)]


@pytest.mark.parametrize("number", [1, 3])
def test_takes_as_many_queries_for_three_as_for_one(
    api: ApiOf, db: None, django_assert_num_queries: Any, number: int
) -> None:
    platform = PlatformFactory.create()
    for row in CapabilityFactory.create_batch(number, platform=platform):
        FactFactory.create_batch(2, capability=row)

    # Platform, capabilities, facts, certificates.
    with django_assert_num_queries(4):
        assert len(api(None).get(_url(platform)).json()["capabilities"]) == number


def test_what_is_not_published_or_not_there_is_404(
    api: ApiOf, operator2: Actor, other_zone_admin: Actor, capability: Capability
) -> None:
    Platform.objects.update(status="suspended")

    assert [api(actor).get(_url(capability.platform)).status_code for actor in (None, operator2, other_zone_admin)] == [
        404,
        404,
        404,
    ]
    assert api(None).get(f"/api/v1/platforms/{uuid4()}/").json()["code"] == "not_found"
