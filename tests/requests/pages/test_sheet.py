"""The sheet's smaller parts: the count as one writes, questions answered in place, the example, the order of parts."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from platforms.models import Capability
from requests.models import Need
from tests.requests.pages.conftest import BrowserOf
from tests.requests.pages.sheet import TEXT, controls_of, row_of
from zhongshi.accounts.actors import Actor

NEW = "/needs/new/"
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def browser(enterprise: Actor, browser_of: BrowserOf) -> Client:
    return browser_of(enterprise)


def read(browser: Client, text: str = TEXT) -> bytes:
    blank = controls_of(browser.get(NEW).content)
    return browser.post(NEW, {**blank, "title": "题", "text": text, "action": "read"}).content


def asked(page: bytes) -> dict[str, str]:
    """The questions beside which something can be typed, by the name of the field."""
    found = re.findall(r'<label for="(ask-[^"]+)"><strong>([^<]+)</strong>', page.decode())
    return dict(found)


def test_htmx_gets_the_count_alone(browser: Client, capability: Capability) -> None:
    sheet = controls_of(read(browser, "必须有500L发酵罐"))

    part = browser.post(NEW, {**sheet, "action": "count"}, headers=HTMX)

    assert "Right now <strong>1</strong> capability meets every “must”" in part.content.decode()
    assert part.content.decode().startswith('<div id="live-count"')
    assert "<html" not in part.content.decode()


def test_the_parts_stand_in_the_order_of_a_phone(browser: Client) -> None:
    page = read(browser).decode()

    places = [page.index(f'aria-labelledby="{part}"') for part in ("describe", "conditions", "naming", "afterwards")]
    assert places == sorted(places)


def test_at_most_three_questions_are_asked_and_those_that_change_most(browser: Client) -> None:
    assert list(asked(read(browser, "做中试"))) == [
        "ask-process_missing",
        "ask-scale_missing",
        "ask-qualification_missing",
    ]


def test_questions_stay_when_the_sheet_comes_back_for_another_reason(browser: Client) -> None:
    page = read(browser)

    assert asked(browser.post(NEW, {**controls_of(page), "action": "count"}).content) == asked(page)


def test_an_answer_becomes_a_condition_in_the_readers_words(browser: Client) -> None:
    sheet = controls_of(read(browser, "发酵中试，必须有GMP，在四川"))

    page = browser.post(NEW, {**sheet, "ask-scale_missing": "300–500 L", "action": "answer"})

    more = controls_of(page.content)
    row = row_of(more, "parameter")
    assert [more[f"{row}-{name}"] for name in ("quantity", "min", "max", "unit")] == ["volume", "300", "500", "L"]
    assert "ask-scale_missing" not in asked(page.content)


def test_an_answer_the_vocabulary_knows_is_its_word(browser: Client) -> None:
    sheet = controls_of(read(browser, "需要500L反应釜，聚合"))

    page = browser.post(NEW, {**sheet, "ask-hazard_missing": "易燃易爆", "action": "answer"})

    more = controls_of(page.content)
    assert more[f"{row_of(more, 'hazard')}-value"] == "易燃易爆"


def test_an_answer_nobody_can_read_leaves_a_row_to_fill_in(browser: Client) -> None:
    sheet = controls_of(read(browser, "发酵中试，必须有GMP，在四川"))

    page = browser.post(NEW, {**sheet, "ask-scale_missing": "挺大的", "action": "answer"})

    more = controls_of(page.content)
    assert "“挺大的” could not be read; please fill in its row." in page.content.decode()
    assert more[f"{row_of(more, 'parameter')}-min"] == ""


def test_submitting_with_an_answer_shows_it_among_the_conditions_first(browser: Client) -> None:
    page = read(browser)
    field = next(iter(asked(page)))

    shown = browser.post(NEW, {**controls_of(page), field: "易燃", "action": "submit"})

    assert (shown.status_code, Need.objects.count()) == (200, 0)
    assert "Your answers stand among the conditions now." in shown.content.decode()
    assert browser.post(NEW, {**controls_of(shown.content), "action": "submit"}).status_code == 302


def test_the_example_fills_an_empty_sheet_and_no_other(browser: Client) -> None:
    blank = controls_of(browser.get(NEW).content)

    filled = controls_of(browser.post(NEW, {**blank, "action": "sample"}).content)
    kept = browser.post(NEW, {**blank, "title": "我的", "text": "我的话", "action": "sample"})

    assert filled["text"].startswith("We developed a polyimide precursor")
    assert (controls_of(kept.content)["title"], controls_of(kept.content)["text"]) == ("我的", "我的话")
    assert "The example was not filled in" in kept.content.decode()


@pytest.mark.parametrize(("language", "permit"), [("en", "ATEX"), ("zh-hans", "ATEX 防爆")])
def test_the_example_is_one_the_reader_understands(browser: Client, language: str, permit: str) -> None:
    browser.cookies["language"] = language
    blank = controls_of(browser.get(NEW).content)
    filled = controls_of(browser.post(NEW, {**blank, "action": "sample"}).content)

    sheet = controls_of(browser.post(NEW, {**filled, "action": "read"}).content)

    budget, region = row_of(sheet, "budget"), row_of(sheet, "region")
    [volume] = [name.removesuffix("-quantity") for name, value in sheet.items() if value == "volume"]
    assert [sheet[f"{volume}-{name}"] for name in ("min", "max")] == ["300", "500"]
    assert sheet[f"{budget}-max"] == "800000"
    assert sheet[f"{region}-value"]
    assert sheet[f"{row_of(sheet, 'qualification')}-value"] == permit


@pytest.mark.parametrize("size", [1, 30])
def test_the_sheet_costs_the_same_for_one_and_thirty_conditions(
    size: int, browser: Client, need: Need, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    need.conditions.all().delete()
    for position in range(size):
        need.conditions.create(position=position, kind="process", value="发酵", origin="given")
    path = f"/needs/{need.number}/edit/"
    browser.get(path)

    with django_assert_num_queries(11):
        page = browser.get(path).content

    assert controls_of(page)["conditions-TOTAL_FORMS"] == str(size)
