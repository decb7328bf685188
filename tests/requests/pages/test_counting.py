"""The live count beside the conditions: how many capabilities could meet them as they stand on the sheet."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from platforms.models import Capability
from requests import counting
from requests.models import Need
from tests.factories import CapabilityFactory, FactFactory
from tests.requests.pages.conftest import BrowserOf
from tests.requests.pages.sheet import controls_of, row_of
from zhongshi.accounts.actors import Actor

NEW = "/needs/new/"


@pytest.fixture
def browser(enterprise: Actor, browser_of: BrowserOf) -> Client:
    return browser_of(enterprise)


@pytest.fixture
def lines(capability: Capability) -> None:
    """500 L, 1000 L, and one that states no size; all fermentation."""
    for litres in (1000, None):
        row = CapabilityFactory.create()
        FactFactory.create(capability=row)
        if litres:
            FactFactory.create(capability=row, volume=True, low=litres, high=litres)


def _read(browser: Client, text: str = "必须有500L发酵罐") -> bytes:
    blank = controls_of(browser.get(NEW).content)
    return browser.post(NEW, {**blank, "title": "放大", "text": text, "action": "read"}).content


def _again(browser: Client, page: bytes, **changed: str) -> bytes:
    sheet = controls_of(page)
    volume = row_of(sheet, "parameter")
    rows = {f"{volume}-{name}": value for name, value in changed.items()}
    answer = browser.post(NEW, {**sheet, **rows, "action": "count"})
    assert answer.status_code == 200
    return answer.content


def _count(page: bytes) -> int | None:
    found = re.search(r"Right now <strong>(\d+)</strong> capabilit", page.decode())
    return int(found[1]) if found else None


def test_the_empty_sheet_counts_nothing(browser: Client, lines: None) -> None:
    assert _count(browser.get(NEW).content) is None


def test_reading_the_text_counts(browser: Client, lines: None) -> None:
    assert _count(_read(browser)) == 2


@pytest.mark.parametrize(
    ("changed", "number"),
    [
        ({}, 2),
        ({"min": "800", "max": "1000"}, 1),
        ({"min": "1000", "max": "1000"}, 2),
        ({"min": "5", "max": "5", "unit": "m3"}, 1),
        ({"hard": ""}, 3),
        ({"remove": "on"}, 3),
    ],
)
def test_counting_again_takes_the_sheet_as_it_stands(
    browser: Client, lines: None, changed: dict[str, str], number: int
) -> None:
    page = _again(browser, _read(browser), **changed)

    assert _count(page) == number
    sheet = controls_of(page)
    volume = row_of(sheet, "parameter")
    assert {name: sheet.get(f"{volume}-{name}", "") for name in changed} == changed
    assert Need.objects.count() == 0


@pytest.mark.parametrize("changed", [{"min": "viel"}, {"unit": "kg"}])
def test_a_row_that_cannot_be_read_is_left_out_and_said_so(
    browser: Client, lines: None, changed: dict[str, str]
) -> None:
    page = _again(browser, _read(browser), **changed)

    assert _count(page) == 3
    assert "(1 condition that cannot be read is left out)" in page.decode()


def test_without_anybody_who_counts_the_page_does_without(
    browser: Client, lines: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "_counters", [])

    assert _count(_read(browser)) is None
