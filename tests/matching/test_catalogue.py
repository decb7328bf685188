"""The index in a process follows the database: what changed is seen by the next question, and nothing else is read."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from matching import catalogue, engine
from matching.zone_rules import installation_rules
from platforms.models import Capability
from platforms.services import capability_advance, platform_load
from tests.factories import MatchFactory, RulesVersionFactory
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Zone
from zhongshi.vocabulary.models import Synonym, Term
from zhongshi.vocabulary.services import vocabulary_load

pytestmark = pytest.mark.django_db(transaction=True)
PROCESS = {"kind": "process", "value": "发酵", "op": "require", "hard": False, "text": "发酵"}


def _record(name: str = "发酵线", processes: tuple[str, ...] = ("发酵",)) -> dict[str, Any]:
    capability = {"id": "x-1-1", "name": name, "summary": "", "processes": list(processes), "parameters": []}
    return {"id": "x-1", "name": "平台", "country": "CN", "region": "510100", "capabilities": [capability]}


def _found(**need: Any) -> list[int]:
    record = {"title": "", "text": "", "conditions": [PROCESS], **need}
    return [item.capability_id for item in catalogue.find(record, limit=10).found]


def test_a_published_listing_is_found_and_a_suspended_one_is_not(zone: Zone, zone_admin: Actor) -> None:
    platform_load(record=_record(), zone=zone)
    assert _found() == []

    platform_load(record=_record(), zone=zone, publish=True)
    row = Capability.objects.get()
    assert _found() == [row.pk]

    capability_advance(actor=zone_admin, capability=row, target="suspended")
    assert _found() == []


def test_a_changed_listing_changes_the_next_answer(zone: Zone) -> None:
    platform_load(record=_record(), zone=zone, publish=True)
    before = catalogue.find({"conditions": [PROCESS]}, limit=10).found[0]

    platform_load(record=_record("光刻线", ("光刻",)), zone=zone)

    after = catalogue.find({"conditions": [PROCESS]}, limit=10).found[0]
    assert (before.verdicts[0]["verdict"], after.verdicts[0]["verdict"]) == ("pass", "fail")


def test_an_unchanged_catalogue_is_not_read_again(zone: Zone) -> None:
    platform_load(record=_record(), zone=zone, publish=True)
    _found()

    with CaptureQueriesContext(
        connection,
    ) as queries:
        catalogue.count_candidates([PROCESS])

    assert [query["sql"] for query in queries if "platforms_capability" in query["sql"]] == []


def test_counting_follows_hard_conditions_only(zone: Zone) -> None:
    platform_load(record=_record(), zone=zone, publish=True)
    elsewhere = {"kind": "region", "value": ["650000"], "op": "require", "text": "新疆"}

    assert catalogue.count_candidates([{**elsewhere, "hard": False}]) == 1
    assert catalogue.count_candidates([{**elsewhere, "hard": True}]) == 0


def test_saved_rules_rank_and_sign_the_result(zone: Zone) -> None:
    platform_load(record=_record(), zone=zone, publish=True)
    assert installation_rules().version == "1"

    saved = RulesVersionFactory.create(weights={"process": 80.0})

    findings = catalogue.find({"conditions": [PROCESS]}, limit=10)
    assert findings.rules_version == f"r{saved.number}"
    assert installation_rules().process == 80.0


def test_ranking_under_several_rules_says_what_finding_says(zone: Zone) -> None:
    for number, region in enumerate(("510100", "420100", "310000")):
        capability = {**_record()["capabilities"][0], "id": f"x-{number}-1"}
        record = {**_record(), "id": f"x-{number}", "region": region, "capabilities": [capability]}
        platform_load(record=record, zone=zone, publish=True)
    sichuan = {"kind": "region", "value": ["510000"], "op": "require", "hard": False, "text": "四川"}
    needs: list[dict[str, Any]] = [
        {"title": "", "text": "", "conditions": [PROCESS, sichuan]},
        {"conditions": [PROCESS]},
    ] * 6
    rules = [engine.Rules(), engine.Rules.from_mapping({"process": 1.0}, version="r2")]

    ranked = catalogue.rank_under(needs, rules, limit=2)

    assert [[len(found) for found in pair] for pair in ranked] == [[2, 2]] * 12
    for need, pair in zip(needs, ranked, strict=True):
        assert pair == [catalogue.find(need, limit=2, rules=weights).found for weights in rules]


@pytest.mark.parametrize("needs", [1, 3])
def test_ranking_costs_the_same_for_one_need_and_three(
    needs: int, zone: Zone, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    platform_load(record=_record(), zone=zone, publish=True)
    _found()

    with django_assert_num_queries(4):
        catalogue.rank_under([{"conditions": [PROCESS]}] * needs, [engine.Rules()] * 2, limit=5)


def test_a_new_synonym_is_understood_at_once(zone: Zone) -> None:
    vocabulary_load()
    platform_load(record=_record(), zone=zone, publish=True)
    asked = {**PROCESS, "value": "养菌", "hard": True}
    assert catalogue.find({"conditions": [asked]}, limit=10).found[0].verdicts[0]["verdict"] == "unknown"

    Synonym.objects.create(term=Term.objects.get(kind="process", name_zh="发酵"), form="养菌")

    assert catalogue.find({"conditions": [asked]}, limit=10).found[0].verdicts[0]["verdict"] == "pass"


def _three_alike(zone: Zone) -> list[int]:
    for number in range(3):
        capability = {**_record()["capabilities"][0], "id": f"x-{number}-1"}
        platform_load(record={**_record(), "id": f"x-{number}", "capabilities": [capability]}, zone=zone, publish=True)
    # The engine breaks ties by its own identifiers, which are strings.
    return sorted(Capability.objects.values_list("pk", flat=True), key=str)


def test_ties_go_to_the_least_shown_of_this_month(zone: Zone) -> None:
    first, second, third = _three_alike(zone)
    for capability, count in ((first, 2), (third, 1)):
        MatchFactory.create_batch(count, capability=Capability.objects.get(pk=capability))

    assert _found() == [second, third, first]


def test_who_was_shown_is_asked_again_only_after_a_while(zone: Zone, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = _three_alike(zone)
    assert _found() == [first, second, third]
    MatchFactory.create(capability=Capability.objects.get(pk=first))
    assert _found() == [first, second, third]

    monkeypatch.setattr(catalogue, "EXPOSURE_SECONDS", 0.0)

    assert _found() == [second, third, first]
