"""POST /api/v1/needs/parse/"""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from rest_framework.throttling import SimpleRateThrottle

from platforms.models import Capability
from requests.models import Need
from tests.conftest import ApiOf
from zhongshi.accounts.actors import Actor

URL = "/api/v1/needs/parse/"
TITLE, TEXT = "乳球蛋白", "需要500L发酵罐做中试，必须有GMP。"


def test_reads_conditions_where_they_stand(api: ApiOf, db: None) -> None:
    answer = api(None).post(URL, {"title": TITLE, "text": TEXT}, format="json")

    assert answer.status_code == 200
    body = answer.json()
    assert list(body) == ["conditions", "questions", "candidates"]
    found = {condition["kind"]: condition for condition in body["conditions"]}
    assert found["process"]["value"] == "发酵"
    assert (found["parameter"]["quantity"], found["parameter"]["unit"]) == ("volume", "L")
    assert (found["qualification"]["value"], found["qualification"]["hard"]) == ("GMP", True)
    for condition in body["conditions"]:
        start, end = condition["span"]
        assert f"{TITLE}\n{TEXT}"[start:end] == condition["text"]
        assert 0 < condition["confidence"] <= 1
    for question in body["questions"]:
        assert list(question) == ["code", "kind", "quantity"]


def test_counts_candidates(api: ApiOf, capability: Capability) -> None:
    client = api(None)

    assert client.post(URL, {"text": "需要发酵中试"}, format="json").json()["candidates"] == 1
    assert client.post(URL, {"text": "必须有50000L发酵罐"}, format="json").json()["candidates"] == 0


@pytest.mark.parametrize(
    ("litres", "hard", "candidates"), [(500, True, 1), (501, False, 1), (520, True, 0), (None, None, 1)]
)
def test_counts_with_the_conditions_as_corrected(
    api: ApiOf, capability: Capability, litres: float | None, hard: bool | None, candidates: int
) -> None:
    vessel = {"kind": "parameter", "quantity": "volume", "min": litres, "max": litres, "unit": "L", "op": "covers"}
    given = None if litres is None else [{**vessel, "hard": hard}]

    answer = api(None).post(URL, {"text": "需要500L发酵罐", "conditions": given}, format="json").json()

    assert answer["candidates"] == candidates
    assert {condition["kind"] for condition in answer["conditions"]} == {"process", "parameter"}


def test_a_condition_that_is_none_names_its_field(api: ApiOf, db: None) -> None:
    given = [{"kind": "parameter", "quantity": "volume", "min": 5, "unit": "kg"}]

    answer = api(None).post(URL, {"text": TEXT, "conditions": given}, format="json")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["conditions.0.unit"])


def test_stores_nothing(api: ApiOf, enterprise: Actor) -> None:
    api(enterprise).post(URL, {"text": TEXT}, format="json")

    assert Need.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"text": ""}, 400, "text"),
        ({}, 400, "text"),
        ({"text": None}, 400, "text"),
        ({"text": "长" * 50_000}, 413, "text"),
        ({"text": TEXT, "title": "长" * 201}, 400, "title"),
        ({"text": TEXT, "titel": "x"}, 400, "titel"),
    ],
)
def test_bad_input_names_the_field(api: ApiOf, db: None, body: dict[str, Any], status: int, field: str) -> None:
    answer = api(None).post(URL, body, format="json")

    assert (answer.status_code, list(answer.json()["errors"])) == (status, [field])


def test_is_rate_limited(api: ApiOf, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "parse", "2/min")
    answers = [api(None).post(URL, {"text": TEXT}, format="json") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0
