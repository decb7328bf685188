"""The check is worth what it finds: five leaks planted on purpose, each reported; a search for the secret's words alone
finds the one that shows them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from requests.models import Need
from zhongshi.core import webhooks
from zhongshi.core.webhook_formats import Letter

from .comparing import Report, interference
from .planted import COUNT, EXPORT, FILTER, PREFIX, REFUSAL
from .world import World

PLANTED = (EXPORT, COUNT, PREFIX, REFUSAL, FILTER)
pytestmark = pytest.mark.timeout(900)


def _found(report: Report) -> set[str]:
    return {ask.route for ask, _by, _one, _two in report.leaks}


def test_each_planted_leak_is_found_and_a_marker_finds_one(two_worlds: World, settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.interference.planted"
    report = interference("stranger", two_worlds, only=PLANTED)

    assert _found(report) == set(PLANTED)
    assert {words.split("/", 1)[1].split(" ")[0] for words in report.marked} == {EXPORT.split(" ")[0]}


def test_the_same_addresses_are_clean_without_them(two_worlds: World) -> None:
    report = interference("stranger", two_worlds, only=PLANTED)

    assert (report.lines(), report.marked) == ([], set())
    assert report.compared > len(PLANTED)


def test_what_a_robot_is_sent_and_the_daily_letter_are_compared(
    two_worlds: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stranger posts a need and wants one letter a day; each message to its robot counts everybody's needs."""
    plain = webhooks.letter_of

    def counting(*about: Any) -> Letter:
        letter = plain(*about)
        return replace(letter, headers=letter.headers | {"X-Count": str(Need.objects.count())})

    monkeypatch.setattr(webhooks, "letter_of", counting)
    report = interference("stranger", two_worlds, only=["api/v1/needs/"])

    assert [(str(ask), by) for ask, by, _one, _two in report.leaks] == [("POST /api/v1/needs/", ["told"])]
    assert report.heard == {"notice": 1, "letter": 1, "robot": 1}
    [letter] = [line for line in report.leaks[0][3].told if line.startswith("letter")]
    assert "1 条未读通知" in letter
