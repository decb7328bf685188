"""A need's matches as PDF and spreadsheet: the rows of the page's choice, with evidence, funnel and rule version."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from python_calamine import CalamineWorkbook

from matching.models import Match, ScoringRun
from requests.models import Need
from tests.factories import CapabilityFactory, MatchFactory, QuoteFactory, ScoringRunFactory
from tests.matching.pages.conftest import BrowserOf
from zhongshi.accounts.actors import Actor


@pytest.fixture
def browser(enterprise: Actor, browser_of: BrowserOf) -> Client:
    return browser_of(enterprise)


@pytest.fixture
def matches(need: Need) -> list[Match]:
    run = ScoringRunFactory.create(
        need=need,
        rules_version="r7",
        funnel=[{"step": "listed", "condition": None, "count": 1286}],
        excluded=[{"reason": "500L", "kind": "parameter", "condition": 1, "count": 23}],
        relaxations=[{"condition": 0, "kind": "process", "change": {"action": "drop"}, "gain": 6}],
    )
    names = ("=cmd|' /C calc'!A0", "第二条线")
    found = [
        MatchFactory.create(
            need=need, run=run, rank=rank, score=90 - rank, capability=CapabilityFactory.create(name=name)
        )
        for rank, name in enumerate(names, 1)
    ]
    Match.objects.filter(pk=found[1].pk).update(
        status="quoted", reviewed_at=run.scored_at, answered_at=run.scored_at, answered_by=need.created_by
    )
    QuoteFactory.create(match=found[1], amount="620000.50")
    return found


def sheets(browser: Client, need: Need, query: str = "") -> dict[str, list[list[Any]]]:
    answer = browser.get(f"/needs/{need.number}/report.xlsx{query}")
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="{need.number}.xlsx"'
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_spreadsheet_has_what_the_page_has(browser: Client, need: Need, matches: list[Match]) -> None:
    found = sheets(browser, need)

    assert list(found) == [
        "Match results",
        "Condition by condition",
        "Conditions",
        "How they were selected",
        "About this file",
    ]
    head, first, second = found["Match results"]
    rows = [dict(zip(head, row, strict=True)) for row in (first, second)]
    assert rows[0]["Capability"] == "'=cmd|' /C calc'!A0"
    assert (rows[0]["Rank"], rows[0]["Score"], rows[0]["Met"], rows[0]["Quote"]) == (1.0, 89.0, 1.0, "")
    assert (rows[1]["Quote"], rows[1]["Currency"], rows[1]["Status"]) == (620000.5, "CNY", "quoted")
    assert found["Condition by condition"][1][2:] == [
        "process 发酵",
        "must",
        "发酵",
        "met",
        "stated in the source",
        "2025-12-25",
    ]
    assert found["Conditions"][2][:3] == ["volume", "500 L", "must"]
    assert found["How they were selected"][1:] == [
        ["left", "published capabilities", 1286.0],
        ["left out", "not met: volume 500 L", 23.0],
        ["gained by relaxing", "process 发酵: no longer a must", 6.0],
    ]
    about = dict(found["About this file"][1:])  # type: ignore[arg-type]
    assert (about["Rules version"], about["Filter"]) == ("r7", "all · score")


def test_it_has_the_rows_of_the_pages_choice(browser: Client, need: Need, matches: list[Match]) -> None:
    found = sheets(browser, need, "?show=quoted&sort=price")

    assert [row[1] for row in found["Match results"][1:]] == ["第二条线"]
    assert dict(found["About this file"][1:])["Filter"] == "with a quote · price"  # type: ignore[arg-type]


def test_the_pdf_can_be_read(browser: Client, need: Need, matches: list[Match]) -> None:
    answer = browser.get(f"/needs/{need.number}/report.pdf")

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    document = pypdfium2.PdfDocument(answer.content)
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    pages = len(document)
    document.close()
    for words in (
        need.title,
        f"{need.number}, revision 1",
        "Rules version r7",
        "volume 500 L",
        "第二条线",
        "1,286",
        "not met: volume 500 L",
        "发酵",
        "2025-12-25",
        f"1 / {pages}",
        "SHA-256",
    ):
        assert words in text


def test_before_the_scoring_there_is_no_report(browser: Client, need: Need) -> None:
    assert ScoringRun.objects.count() == 0
    assert browser.get(f"/needs/{need.number}/report.pdf").status_code == 404
    assert browser.get(f"/needs/{need.number}/report.xlsx").status_code == 404


@pytest.mark.parametrize("file", ["report.pdf", "report.xlsx"])
@pytest.mark.parametrize("rows", [1, 30])
def test_a_report_costs_the_same_for_one_and_thirty(
    rows: int, file: str, browser: Client, need: Need, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for rank in range(1, rows + 1):
        MatchFactory.create(need=need, rank=rank)

    with django_assert_num_queries(11):
        assert browser.get(f"/needs/{need.number}/{file}").status_code == 200
