"""GET /api/v1/coverage/ and GET /api/v1/stats/funnel/"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.conftest import ApiOf
from tests.factories import (
    CapabilityFactory,
    ConditionFactory,
    FactFactory,
    MatchFactory,
    NeedFactory,
    PlatformFactory,
    QuoteFactory,
    ScoringRunFactory,
    UserFactory,
)
from zhongshi.accounts.actors import Actor
from zhongshi.vocabulary.models import Term

COVERAGE = "/api/v1/coverage/"
FUNNEL = "/api/v1/stats/funnel/"


@pytest.fixture
def terms(db: None) -> None:
    Term.objects.create(kind="chain", code="BIO", name_zh="生物制造")
    Term.objects.create(kind="chain", code="IC", name_zh="集成电路")
    for code in ("LAB", "PILOT"):
        Term.objects.create(kind="stage", code=code, name_zh=code)


def _cell(capabilities: int = 0, open_needs: int = 0, unmet_needs: int = 0) -> dict[str, int]:
    return {"capabilities": capabilities, "open_needs": open_needs, "unmet_needs": unmet_needs}


def _asking(chain: str, stage: str | None = "PILOT", **need: Any) -> Any:
    row = NeedFactory.create(**need)
    ConditionFactory.create(need=row, kind="chain", value=chain)
    if stage:
        ConditionFactory.create(need=row, kind="stage", value=stage)
    return row


def test_every_chain_and_stage_is_there_and_zero_is_a_gap(api: ApiOf, terms: None) -> None:
    assert api(None).get(COVERAGE).json() == {
        "生物制造": {"LAB": _cell(), "PILOT": _cell()},
        "集成电路": {"LAB": _cell(), "PILOT": _cell()},
    }


def test_counts_published_capabilities_by_chain_and_stage(api: ApiOf, terms: None) -> None:
    platform = PlatformFactory.create(chains=["生物制造", "新材料"])
    for _ in range(2):
        FactFactory.create(capability=CapabilityFactory.create(platform=platform), kind="stage", value="PILOT")
    FactFactory.create(
        capability=CapabilityFactory.create(platform=platform, status="draft"), kind="stage", value="PILOT"
    )
    CapabilityFactory.create(platform=platform)
    body = api(None).get(COVERAGE).json()

    assert body["生物制造"] == {"LAB": _cell(), "PILOT": _cell(2), "unstated": _cell(1)}
    assert body["新材料"]["PILOT"] == _cell(2)
    assert body["集成电路"]["PILOT"] == _cell()


def test_counts_open_needs_and_those_that_found_nobody(api: ApiOf, terms: None) -> None:
    _asking("生物制造")
    unmet = ScoringRunFactory.create(need=_asking("生物制造")).need
    MatchFactory.create(need=unmet, declined=True)
    met = ScoringRunFactory.create(need=_asking("生物制造")).need
    MatchFactory.create(need=met, approved=True)
    ScoringRunFactory.create(need=_asking("生物制造", status="expired"))
    _asking("生物制造", status="draft")
    _asking("生物制造", stage=None)
    body = api(None).get(COVERAGE).json()

    assert body["生物制造"]["PILOT"] == _cell(0, open_needs=3, unmet_needs=2)
    assert body["生物制造"]["unstated"]["open_needs"] == 1


def test_a_confidential_need_is_in_nobodys_table(api: ApiOf, terms: None) -> None:
    _asking("生物制造", visibility="nda")
    _asking("生物制造", visibility="matched")
    _asking("集成电路", visibility="nda")
    body = api(None).get(COVERAGE).json()

    assert body["生物制造"]["PILOT"] == _cell(0, open_needs=1)
    assert body["集成电路"]["PILOT"] == _cell()


def test_what_is_excluded_is_not_asked_for(api: ApiOf, terms: None) -> None:
    need = _asking("集成电路")
    ConditionFactory.create(need=need, kind="chain", value="生物制造", op="exclude")

    assert api(None).get(COVERAGE).json()["生物制造"]["PILOT"] == _cell()


@pytest.mark.parametrize("number", [1, 3])
def test_coverage_takes_as_many_queries_for_three_as_for_one(
    api: ApiOf, terms: None, django_assert_num_queries: Any, number: int
) -> None:
    for _ in range(number):
        FactFactory.create(kind="stage", value="PILOT")
        _asking("生物制造")

    # Supply: totals, stated, silent, chains. Demand: needs, conditions. Axes: chains, stages.
    with django_assert_num_queries(8):
        api(None).get(COVERAGE)


def test_funnel_counts_needs_of_the_zone_by_how_far_they_came(api: ApiOf, zone_admin: Actor, enterprise: Actor) -> None:
    now = timezone.now()
    organization = enterprise.organization
    NeedFactory.create(organization=organization, status="draft")
    NeedFactory.create(organization=organization)
    ScoringRunFactory.create(need=NeedFactory.create(organization=organization))
    declined = MatchFactory.create(need=NeedFactory.create(organization=organization), declined=True)
    quoted = MatchFactory.create(need=NeedFactory.create(organization=organization), quoted=True)
    QuoteFactory.create(match=quoted)
    chosen = MatchFactory.create(
        need=NeedFactory.create(organization=organization, status="contracted"),
        status="chosen",
        reviewed_at=now - timedelta(hours=60),
        answer_due_at=now - timedelta(hours=12),
        answered_at=now,
        answered_by=UserFactory.create(),
    )
    MatchFactory.create(quoted=True)
    body = api(zone_admin).get(FUNNEL).json()

    assert [(step["step"], step["count"]) for step in body["funnel"]] == [
        ("submitted", 5),
        ("scored", 4),
        ("matched", 3),
        ("approved", 3),
        ("accepted", 2),
        ("quoted", 1),
        ("chosen", 1),
        ("completed", 0),
    ]
    assert (body["median_answer_hours"], body["answered_in_time"]) == (0.0, 0.667)
    assert body["declined"] == [{"reason": declined.decline_reason, "count": 1}]
    assert chosen.status == "chosen"


def test_an_empty_zone_has_no_figures(api: ApiOf, other_zone_admin: Actor) -> None:
    body = api(other_zone_admin).get(FUNNEL).json()

    assert {step["count"] for step in body["funnel"]} == {0}
    assert (body["median_answer_hours"], body["answered_in_time"], body["declined"]) == (None, None, [])


def test_the_funnel_is_for_the_office_alone(api: ApiOf, enterprise: Actor, operator: Actor) -> None:
    assert [api(actor).get(FUNNEL).status_code for actor in (None, enterprise, operator)] == [401, 403, 403]
