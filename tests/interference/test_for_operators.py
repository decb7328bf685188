"""Nothing these people can ask gives away what others keep to themselves."""

from __future__ import annotations

import pytest

from .comparing import interference
from .world import World


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", ["operator", "operator2", "suspended", "provider"])
def test_both_worlds_answer_alike(name: str, two_worlds: World) -> None:
    report = interference(name, two_worlds)

    assert report.errors + report.lines() == []
    assert report.compared > 500
