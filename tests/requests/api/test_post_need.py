"""POST /api/v1/needs/"""

from __future__ import annotations

import json
from typing import Any

import pytest

from requests.models import Condition, Need, NeedRevision
from tests.conftest import ApiOf
from zhongshi.accounts.actors import Actor
from zhongshi.core.models import AuditEntry, OutboxEvent

URL = "/api/v1/needs/"
TITLE, TEXT = "乳球蛋白中试", "需要500L发酵罐做中试，必须有GMP。"
FERMENTATION = {"kind": "process", "value": "发酵", "op": "require", "hard": True}
VOLUME = {"kind": "parameter", "quantity": "volume", "min": 500, "max": None, "unit": "L", "op": "covers", "hard": True}


def _body(**more: Any) -> dict[str, Any]:
    return {"title": TITLE, "text": TEXT, "conditions": [FERMENTATION, VOLUME], "visibility": "nda", **more}


def test_stores_and_answers_the_need(api: ApiOf, enterprise: Actor) -> None:
    answer = api(enterprise).post(URL, _body(region="510100", budget=600_000), format="json")

    assert answer.status_code == 201
    need = Need.objects.get()
    body = answer.json()
    assert body.pop("created_at")
    assert body.pop("updated_at")
    assert body == {
        "id": str(need.uuid),
        "number": need.number,
        "external_id": None,
        "title": TITLE,
        "text": TEXT,
        "region": "510100",
        "country": "CN",
        "visibility": "nda",
        "status": "open",
        "revision": 1,
        "conditions": [
            {**FERMENTATION, "text": "", "origin": "given"},
            {**VOLUME, "min": 500.0, "text": "", "origin": "given"},
            {
                "kind": "budget",
                "quantity": "budget",
                "min": None,
                "max": 600_000.0,
                "unit": "CNY",
                "op": "overlaps",
                "hard": False,
                "text": "",
                "origin": "given",
            },
        ],
    }


def test_writes_the_need_its_revision_its_trail_and_one_event(api: ApiOf, enterprise: Actor) -> None:
    api(enterprise).post(URL, _body(), format="json")

    need = Need.objects.get()
    assert (need.organization, need.zone, need.created_by) == (
        enterprise.organization,
        enterprise.zone,
        enterprise.user,
    )
    assert list(NeedRevision.objects.values_list("need_id", "number", "title")) == [(need.pk, 1, TITLE)]
    assert list(AuditEntry.objects.order_by("id").values_list("object_id", "from_status", "to_status", "actor_id")) == [
        (need.uuid, "draft", "submitted", enterprise.user.pk),
        (need.uuid, "submitted", "open", None),
    ]
    event = OutboxEvent.objects.get(handler__startswith="matching")
    assert (event.topic, event.payload) == ("need.opened", {"need_id": need.pk, "revision": 1})


def test_reads_the_conditions_where_none_are_given(api: ApiOf, enterprise: Actor) -> None:
    answer = api(enterprise).post(URL, {"title": TITLE, "text": TEXT}, format="json")

    read = {(c["kind"], c.get("value"), c.get("quantity"), c["origin"]) for c in answer.json()["conditions"]}
    assert read >= {("process", "发酵", None, "read"), ("parameter", None, "volume", "read")}
    for condition in answer.json()["conditions"]:
        start, end = condition["span"]
        assert f"{TITLE}\n{TEXT}"[start:end] == condition["text"]


def test_keeps_keys_of_conditions_it_does_not_know(api: ApiOf, enterprise: Actor) -> None:
    answer = api(enterprise).post(URL, _body(conditions=[{**FERMENTATION, "note": "关键"}]), format="json")

    assert answer.json()["conditions"][0]["note"] == "关键"


@pytest.mark.parametrize(
    ("budget", "yuan"),
    [
        (600_000, 600_000.0),
        ({"max": 60, "unit": "万元"}, 600_000.0),
        ({"max": 5}, 5.0),
        ({"max": 1, "unit": "亿元"}, 1e8),
    ],
)
def test_budget_is_an_upper_bound_in_yuan(api: ApiOf, enterprise: Actor, budget: Any, yuan: float) -> None:
    answer = api(enterprise).post(URL, _body(conditions=[], budget=budget), format="json")

    [condition] = answer.json()["conditions"]
    assert (condition["min"], condition["max"], condition["unit"]) == (None, yuan, "CNY")


def test_the_same_key_gives_the_same_need(api: ApiOf, enterprise: Actor) -> None:
    client = api(enterprise)
    first = client.post(URL, _body(), format="json", headers={"Idempotency-Key": "a-1"})
    again = client.post(URL, _body(), format="json", headers={"Idempotency-Key": "a-1"})

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert (Need.objects.count(), OutboxEvent.objects.filter(handler__startswith="matching").count()) == (1, 1)


def test_the_same_key_with_another_body_is_refused(api: ApiOf, enterprise: Actor) -> None:
    client = api(enterprise)
    client.post(URL, _body(), format="json", headers={"Idempotency-Key": "a-1"})
    again = client.post(URL, _body(title="另一个"), format="json", headers={"Idempotency-Key": "a-1"})

    assert (again.status_code, again.json()["code"]) == (422, "key_reused")
    assert Need.objects.count() == 1


def test_a_key_belongs_to_its_organization(api: ApiOf, enterprise: Actor, enterprise2: Actor) -> None:
    for actor in (enterprise, enterprise2):
        answer = api(actor).post(URL, _body(), format="json", headers={"Idempotency-Key": "a-1"})
        assert answer.status_code == 201


_LONG = "长" * 50_000


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (_body(text=""), 400, "text"),
        (_body(text="   "), 400, "text"),
        (_body(title=""), 400, "title"),
        (_body(title="长" * 201), 400, "title"),
        (_body(text=_LONG), 413, "text"),
        ({"title": TITLE}, 400, "text"),
        ({"text": TEXT}, 400, "title"),
        (_body(text=["x"]), 400, "text"),
        (_body(visibility="all"), 400, "visibility"),
        (_body(budget=10**13), 400, "budget"),
        (_body(visibilty="nda"), 400, "visibilty"),
        (_body(budget="much"), 400, "budget"),
        (_body(budget=True), 400, "budget"),
        (_body(budget=-1), 400, "budget"),
        (_body(budget=0), 400, "budget"),
        (_body(budget={"max": 5, "unit": "USD"}), 400, "budget"),
        (_body(budget={"max": 5, "unit": []}), 400, "budget"),
        (_body(budget=10**400), 400, "budget"),
        (_body(region="1" * 61), 400, "region"),
        (_body(country="CHINA-MAINLAND"), 400, "country"),
        (_body(conditions="发酵"), 400, "conditions"),
        (_body(conditions=["发酵"]), 400, "conditions.0"),
        (_body(conditions=[FERMENTATION] * 61), 400, "conditions"),
        (_body(conditions=[{"kind": "wish", "value": "x"}]), 400, "conditions.0.kind"),
        (_body(conditions=[{**FERMENTATION, "value": ""}]), 400, "conditions.0.value"),
        (_body(conditions=[{**FERMENTATION, "value": {"a": 1}}]), 400, "conditions.0.value"),
        (_body(conditions=[{**FERMENTATION, "op": "maybe"}]), 400, "conditions.0.op"),
        (_body(conditions=[{**FERMENTATION, "hard": "yes"}]), 400, "conditions.0.hard"),
        (_body(conditions=[{**FERMENTATION, "text": 5}]), 400, "conditions.0.text"),
        (_body(conditions=[{**FERMENTATION, "span": [1]}]), 400, "conditions.0.span"),
        (_body(conditions=[{**FERMENTATION, "span": [5, 3]}]), 400, "conditions.0.span"),
        (_body(conditions=[{**FERMENTATION, "span": "ab"}]), 400, "conditions.0.span"),
        (_body(conditions=[{**FERMENTATION, "confidence": "high"}]), 400, "conditions.0.confidence"),
        (_body(conditions=[FERMENTATION, {**VOLUME, "unit": "kg"}]), 400, "conditions.1.unit"),
        (_body(conditions=[{**VOLUME, "unit": ["L"]}]), 400, "conditions.0.unit"),
        (_body(conditions=[{**VOLUME, "quantity": {"a": 1}}]), 400, "conditions.0.quantity"),
        (_body(conditions=[{**VOLUME, "quantity": "q" * 41, "unit": ""}]), 400, "conditions.0.quantity"),
        (_body(conditions=[{**VOLUME, "min": "500"}]), 400, "conditions.0.min"),
        (_body(conditions=[{**VOLUME, "min": None}]), 400, "conditions.0.min"),
        (_body(conditions=[{**FERMENTATION, "min": {"a": 1}}]), 400, "conditions.0.min"),
        (_body(conditions=[{**VOLUME, "min": 5, "max": 4}]), 400, "conditions.0.max"),
        (
            _body(
                conditions=[
                    {"kind": "window", "earliest_start": "2027-13-01", "latest_start": "2027-12-01", "weeks": 2}
                ]
            ),
            400,
            "conditions.0.earliest_start",
        ),
        (_body(conditions=[{"kind": "start_by", "value": "2027-02-30"}]), 400, "conditions.0.value"),
    ],
)
def test_bad_input_names_the_field_and_stores_nothing(
    api: ApiOf, enterprise: Actor, body: dict[str, Any], status: int, field: str
) -> None:
    answer = api(enterprise).post(URL, body, format="json")

    assert answer.status_code == status
    assert answer.json()["code"] == {400: "invalid", 413: "too_large"}[status]
    assert answer.json()["errors"][field]
    assert Need.objects.count() == 0
    assert OutboxEvent.objects.count() == 0


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b'{"title": "x", ', 400, "invalid"),
        (b"", 400, "invalid"),
        (b"[]", 400, "invalid"),
        (b'"text"', 400, "invalid"),
        (b"null", 400, "invalid"),
        (b"\xff\xfe", 400, "invalid"),
        (json.dumps(_body(text="a\0b")).encode(), 400, "invalid"),
        (json.dumps(_body(text="a\ud800b")).encode(), 400, "invalid"),
        (json.dumps(_body(conditions=[{**FERMENTATION, "note": "a\0b"}])).encode(), 400, "invalid"),
        (b'{"title": "x", "text": "y", "budget": 1e999}', 400, "invalid"),
        (b'{"title": "x", "text": "y", "budget": NaN}', 400, "invalid"),
        (b"[" * 100_000, 400, "invalid"),
        (b'{"title": "' + b"x" * 2_600_000 + b'"}', 413, "too_large"),
    ],
)
def test_what_is_not_a_storable_body_is_refused(
    api: ApiOf, enterprise: Actor, raw: bytes, status: int, code: str
) -> None:
    answer = api(enterprise).generic("POST", URL, raw, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert Need.objects.count() == 0


def test_another_content_type_is_415(api: ApiOf, enterprise: Actor) -> None:
    answer = api(enterprise).generic("POST", URL, b"title=x", content_type="application/x-www-form-urlencoded")

    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_a_long_key_is_refused(api: ApiOf, enterprise: Actor) -> None:
    answer = api(enterprise).post(URL, _body(), format="json", headers={"Idempotency-Key": "k" * 101})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["Idempotency-Key"])


def test_only_enterprises_post(api: ApiOf, operator: Actor, zone_admin: Actor) -> None:
    statuses = [api(actor).post(URL, _body(), format="json").status_code for actor in (None, operator, zone_admin)]

    assert statuses == [401, 403, 403]
    assert Need.objects.count() == 0


def test_one_organization_has_one_budget_of_posts(
    api: ApiOf, enterprise: Actor, enterprise2: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.core.cache import cache  # noqa: PLC0415 - leaf
    from rest_framework.throttling import SimpleRateThrottle  # noqa: PLC0415 - leaf

    cache.clear()
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "post", "2/min")
    statuses = [api(enterprise).post(URL, _body(), format="json").status_code for _ in range(3)]
    last = api(enterprise).post(URL, _body(), format="json")

    assert statuses == [201, 201, 429]
    assert 0 < int(last.headers["Retry-After"]) <= 60
    assert last.json()["code"] == "too_many_requests"
    assert api(enterprise2).post(URL, _body(), format="json").status_code == 201
    assert Condition.objects.filter(need__organization=enterprise.organization).count() == 4
