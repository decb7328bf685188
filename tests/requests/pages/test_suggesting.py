"""Suggestions on the sheet: shown, never believed, stored when ticked."""

from __future__ import annotations

from typing import Any

import pytest

from requests.models import Condition, Need
from tests.requests.pages.conftest import BrowserOf
from tests.requests.pages.sheet import TEXT, controls_of
from tests.vocabulary.loopback import Behaviour, model, says, sends
from zhongshi.accounts.actors import Actor

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "/needs/new/"
WORDS = {"title": "酶制剂中试", "text": f"{TEXT}菌体最后要冻干。"}
DRYING = {"kind": "process", "value": "冷冻干燥", "text": "菌体最后要冻干"}
CENTRIFUGE = {"kind": "process", "value": "离心", "text": "连续跑三批"}
BUDGET = {"kind": "budget", "min": None, "max": 50, "unit": "CNY", "op": "overlaps", "text": "500L"}


def _sheet(browser: Any, behaviour: Behaviour, settings: Any, **changed: str) -> tuple[dict[str, str], str]:
    """What the sheet holds after asking for suggestions, and the page."""
    sheet = controls_of(browser.post(NEW, {**WORDS, "visibility": "matched", "action": "read"}).content)
    with model(behaviour) as asked:
        settings.ASSISTANT_URL, settings.ASSISTANT_TIMEOUT = asked.url, 5.0
        answer = browser.post(NEW, {**sheet, **changed, "action": "suggest"})
    assert answer.status_code == 200
    return controls_of(answer.content), answer.content.decode()


def _proposed(sheet: dict[str, str]) -> list[str]:
    """Prefixes of the suggested rows."""
    return [name.removesuffix("-read") for name, value in sheet.items() if '"origin": "proposed"' in value]


def _rows(sheet: dict[str, str]) -> list[str]:
    return [name for name in sheet if name.endswith("-read")]


def _submit(browser: Any, sheet: dict[str, str]) -> Need:
    answer = browser.post(NEW, {**sheet, "action": "submit"})
    assert answer.status_code == 302, answer.content.decode()
    return Need.objects.get()


def test_there_is_no_button_where_nobody_is_set_to_ask(browser_of: BrowserOf, enterprise: Actor) -> None:
    page = browser_of(enterprise).post(NEW, {**WORDS, "action": "read"}).content.decode()

    assert 'value="suggest"' not in page
    asked = browser_of(enterprise).post(NEW, {**WORDS, "action": "suggest"})
    assert asked.status_code == 200


def test_a_suggestion_is_shown_without_a_tick_and_not_stored(
    browser_of: BrowserOf, enterprise: Actor, settings: Any
) -> None:
    browser = browser_of(enterprise)
    sheet, page = _sheet(browser, says({"conditions": [CENTRIFUGE]}), settings)

    [row] = _proposed(sheet)
    assert f"{row}-take" not in sheet
    assert "suggested, please check" in page
    assert "None of them counts until you tick it" in page
    assert f"{len(_rows(sheet)) - 1} conditions." in page

    need = _submit(browser, sheet)

    assert "离心" not in need.conditions.values_list("value", flat=True)
    assert not Condition.objects.filter(origin="accepted").exists()


def test_a_ticked_suggestion_is_stored_as_what_it_was(browser_of: BrowserOf, enterprise: Actor, settings: Any) -> None:
    browser = browser_of(enterprise)
    sheet, _page = _sheet(browser, says({"conditions": [CENTRIFUGE]}), settings)
    [row] = _proposed(sheet)

    need = _submit(browser, {**sheet, f"{row}-take": "on", f"{row}-hard": "1"})

    stored = need.conditions.get(value="离心")
    assert (stored.origin, stored.is_hard, stored.text, stored.confidence) == ("given", True, "连续跑三批", 1.0)


def test_a_suggestion_ticked_as_it_stands_keeps_its_origin(
    browser_of: BrowserOf, enterprise: Actor, settings: Any
) -> None:
    browser = browser_of(enterprise)
    sheet, _page = _sheet(browser, says({"conditions": [CENTRIFUGE]}), settings)
    [row] = _proposed(sheet)

    need = _submit(browser, {**sheet, f"{row}-take": "on"})

    stored = need.conditions.get(value="离心")
    assert (stored.origin, stored.is_hard, stored.confidence) == ("accepted", False, 1.0)
    edit = browser.get(f"/needs/{need.number}/edit/").content.decode()
    assert "suggested, please check" not in edit


def test_what_was_read_already_is_not_suggested(browser_of: BrowserOf, enterprise: Actor, settings: Any) -> None:
    fermentation = {"kind": "process", "value": "发酵", "text": "500L发酵罐"}

    sheet, page = _sheet(browser_of(enterprise), says({"conditions": [fermentation, DRYING]}), settings)

    assert _proposed(sheet) == []
    assert "Nothing further was suggested" in page


def test_a_ticked_row_stays_when_the_text_is_read_again_and_others_go(
    browser_of: BrowserOf, enterprise: Actor, settings: Any
) -> None:
    browser = browser_of(enterprise)
    cut = {"kind": "process", "value": "膜分离", "text": "三批"}
    sheet, _page = _sheet(browser, says({"conditions": [CENTRIFUGE, cut]}), settings)
    first, _second = _proposed(sheet)

    again = controls_of(browser.post(NEW, {**sheet, f"{first}-take": "on", "action": "read"}).content)

    [row] = _proposed(again)
    assert (again[f"{row}-value"], again[f"{row}-take"]) == ("离心", "on")


def test_an_unticked_budget_does_not_stand_for_the_typed_one(
    browser_of: BrowserOf, enterprise: Actor, settings: Any
) -> None:
    browser = browser_of(enterprise)
    settings.ASSISTANT_URL = ""
    words = {"title": "酶制剂中试", "text": "需要500L发酵罐"}
    sheet = controls_of(browser.post(NEW, {**words, "visibility": "matched", "action": "read"}).content)
    with model(says({"conditions": [BUDGET]})) as asked:
        settings.ASSISTANT_URL = asked.url
        sheet = controls_of(browser.post(NEW, {**sheet, "action": "suggest"}).content)
    assert len(_proposed(sheet)) == 1

    need = _submit(browser, {**sheet, "budget": "30"})

    assert need.conditions.get(kind="budget").high == 300_000


def test_an_unticked_row_need_not_be_right(browser_of: BrowserOf, enterprise: Actor, settings: Any) -> None:
    browser = browser_of(enterprise)
    sheet, _page = _sheet(browser, says({"conditions": [CENTRIFUGE]}), settings)
    [row] = _proposed(sheet)

    assert _submit(browser, {**sheet, f"{row}-min": "abc", f"{row}-value": ""}).status == "open"


@pytest.mark.parametrize("behaviour", [says("no"), says({}, status=500), sends(b"x" * 300_000)])
def test_a_model_that_fails_costs_nothing_but_a_sentence(
    browser_of: BrowserOf, enterprise: Actor, settings: Any, behaviour: Behaviour
) -> None:
    browser = browser_of(enterprise)
    sheet, page = _sheet(browser, behaviour, settings)

    assert "No suggestions at the moment" in page
    assert _proposed(sheet) == []
    assert _submit(browser, sheet).conditions.count() > 2


def test_an_empty_sheet_is_not_sent(browser_of: BrowserOf, enterprise: Actor, settings: Any) -> None:
    with model(says({"conditions": []})) as asked:
        settings.ASSISTANT_URL = asked.url
        answer = browser_of(enterprise).post(NEW, {"title": "", "text": " ", "action": "suggest"})

    assert (answer.status_code, asked.calls) == (400, [])
