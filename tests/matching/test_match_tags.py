"""The parts of a score in words: open questions with their number, and only where there are any."""

from __future__ import annotations

from typing import Any

import pytest
from django.template.loader import render_to_string

from matching.templatetags.match_tags import component_name, shown_components

pytestmark = pytest.mark.usefixtures("english")
PROCESS = {"name": "process", "weight": 40.0, "value": 0.8, "points": 32.0}


def _open(value: float, points: float) -> dict[str, Any]:
    return {"name": "unknown", "weight": 0.0, "value": value, "points": points}


@pytest.mark.parametrize(
    ("component", "words"),
    [
        (PROCESS, "process"),
        (_open(1.0, -1.0), "off for 1 open question"),
        (_open(3.0, -8.0), "off for 3 open questions"),
        # scored before they were counted
        (_open(0.25, -2.0), "open questions"),
        ({"name": "unknown", "points": -2.0}, "open questions"),
    ],
)
def test_components_in_words(component: dict[str, Any], words: str) -> None:
    assert component_name(component) == words


def test_without_open_questions_nothing_is_said_of_them() -> None:
    assert shown_components([PROCESS, _open(0.0, -0.0)]) == [PROCESS]
    # stopped at 0 points: asked all the same
    assert shown_components([PROCESS, _open(2.0, -0.0)]) == [PROCESS, _open(2.0, -0.0)]


def test_open_questions_are_points_lost_and_no_bar() -> None:
    page = render_to_string("matching/_components.html", {"components": [PROCESS, _open(3.0, -8.0)]})

    assert page.count("<dt>") == 2
    assert '<dt>off for 3 open questions</dt><dd><span class="component-penalty">−8.0 points</span></dd>' in page
    assert page.count("component-value") == 1
