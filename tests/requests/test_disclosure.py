"""The one function that decides what somebody may read of a need, and what each stage holds."""

from __future__ import annotations

import pytest

from requests.disclosure import (
    FullText,
    Outline,
    Standing,
    budget_class,
    listed_name,
    notice_title,
    notice_words,
    outlined,
    shape_of,
    stage_of,
)
from requests.enums import Stage
from requests.models import Agreement, Need
from zhongshi.accounts.actors import Actor

pytestmark = pytest.mark.django_db
LEAD = Standing(has_lead=True, is_alive=True)
OVER = Standing(has_lead=True)
CHOSEN = Standing(has_lead=True, is_alive=True, is_chosen=True)


@pytest.mark.parametrize("visibility", ["public", "matched", "nda"])
def test_the_owner_reads_everything(need: Need, enterprise: Actor, visibility: str) -> None:
    need.visibility = visibility
    assert stage_of(need, enterprise) == Stage.CONTACTS


@pytest.mark.parametrize(
    ("visibility", "has_reason", "stage"),
    [("matched", False, "text"), ("nda", False, "conditions"), ("nda", True, "text"), ("public", False, "text")],
)
def test_the_office_and_the_superuser_need_a_reason(
    need: Need, zone_admin: Actor, visibility: str, has_reason: bool, stage: str
) -> None:
    need.visibility = visibility
    assert stage_of(need, zone_admin, has_reason=has_reason) == stage
    assert stage_of(need, None, has_reason=has_reason) == stage


@pytest.mark.parametrize(
    ("standing", "status", "stage"),
    [
        (Standing(), "active", "none"),
        (LEAD, None, "conditions"),
        (LEAD, "waiting", "conditions"),
        (LEAD, "refused", "conditions"),
        (LEAD, "revoked", "conditions"),
        (LEAD, "active", "text"),
        (OVER, "active", "conditions"),
        (CHOSEN, None, "conditions"),
        (CHOSEN, "active", "contacts"),
    ],
)
def test_an_operator_reads_by_lead_and_agreement(
    need: Need, operator: Actor, standing: Standing, status: str | None, stage: str
) -> None:
    need.visibility = "nda"
    agreement = Agreement(status=status) if status else None
    assert stage_of(need, operator, standing=standing, agreement=agreement) == stage


@pytest.mark.parametrize(("standing", "stage"), [(LEAD, "text"), (OVER, "text"), (CHOSEN, "contacts")])
def test_without_confidentiality_a_lead_is_enough(need: Need, operator: Actor, standing: Standing, stage: str) -> None:
    assert stage_of(need, operator, standing=standing) == stage


def test_nobody_else_reads_anything(need: Need, enterprise2: Actor, operator2: Actor, other_zone_admin: Actor) -> None:
    for stranger in (enterprise2, operator2, other_zone_admin):
        assert stage_of(need, stranger, has_reason=True) == Stage.NOTHING


def test_the_shapes_hold_what_their_stage_discloses(need: Need, operator: Actor) -> None:
    need.conditions.update(text="绝密原文")
    outline, full = shape_of(need, Stage.CONDITIONS, operator), shape_of(need, Stage.TEXT, operator)

    assert isinstance(outline, Outline)
    assert not hasattr(outline, "title")
    assert "绝密原文" not in str(outline)
    assert need.title not in str(outline)
    assert isinstance(full, FullText)
    assert (full.title, full.text) == (need.title, need.text)


@pytest.mark.parametrize(
    ("low", "high", "unit", "found"),
    [
        (None, 600_000, "CNY", (500_000, 2_000_000)),
        (None, 60, "万元", (500_000, 2_000_000)),
        (100_000, 199_999, "CNY", (None, 200_000)),
        (None, 200_000, "CNY", (200_000, 500_000)),
        (20_000_000, None, "CNY", (10_000_000, None)),
        (None, 5, "EUR", None),
    ],
)
def test_the_budget_is_told_by_its_class(
    low: float | None, high: float | None, unit: str, found: tuple[float | None, float | None] | None
) -> None:
    record = {"kind": "budget", "min": low, "max": high, "unit": unit, "op": "overlaps", "hard": False, "text": "秘"}
    assert budget_class([record]) == found
    assert outlined(record)["text"] == ""
    assert (outlined(record)["min"], outlined(record)["max"]) == (found or (None, None))


def test_unknown_keys_stay_with_the_full_text() -> None:
    assert "x" not in outlined({"kind": "process", "value": "发酵", "x": "绝密", "span": [0, 2]})


def test_lists_and_notices_call_a_confidential_need_by_its_number(need: Need) -> None:
    assert (listed_name(need), notice_title(need), notice_words(need, "粘度")) == (need.title, need.title, "粘度")
    need.visibility = "nda"
    assert need.title not in listed_name(need) + notice_title(need) + str(need)
    assert notice_words(need, "粘度") == "…"
