"""Figures of the rules and moves between two versions in words."""

import re

import pytest

from matching import engine
from matching.exposure import Full
from matching.models import Match
from matching.preview import Place
from matching.templatetags.rule_tags import (
    exit_mark,
    figure,
    figure_name,
    figure_of,
    held_reason,
    move,
    rules_name,
    signed,
    weighed,
)
from matching.weight_words import GROUPS, without_words
from matching.zone_rules import WEIGHT_NAMES, Policy, ZoneRules
from platforms.models import Capability

pytestmark = pytest.mark.usefixtures("english")
POLICY = Policy(approves_itself=True, approval_score=60, lead_limit=10)


def _place(rank: int, other: int | None, *, score: float = 50.0, other_score: float = 48.0) -> Place:
    return Place(
        capability=Capability(),
        rank=rank,
        score=score,
        other_rank=other,
        other_score=None if other is None else other_score,
    )


def _words(mark: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", mark).split())


def test_every_figure_has_its_words() -> None:
    assert without_words([*WEIGHT_NAMES, "approves_itself", "approval_score", "lead_limit"]) == []
    assert without_words(["moonlight_value"]) == ["moonlight_value"]
    assert figure_name("moonlight_value") == "moonlight value"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("region", 10.0, "10"),
        ("same_family_value", 0.35, "0.35"),
        ("approves_itself", 1.0, "yes"),
        ("approves_itself", 0.0, "no"),
        ("lead_limit", 1000, "1,000"),
    ],
)
def test_figures(name: str, value: float, words: str) -> None:
    assert figure(value, name) == words


def test_a_versions_figure_and_name() -> None:
    rules = ZoneRules(weights=engine.Rules.from_mapping({"region": 12.5}, version="r4"), policy=POLICY, saved=None)

    assert [figure_of(rules, name) for name in ("region", "approval_score")] == ["12.5", "60"]
    assert rules_name(rules) == "initial rules"


def test_weights_come_in_groups_with_shares() -> None:
    given = dict.fromkeys(WEIGHT_NAMES, 0.0) | {"process": 30.0, "region": 10.0, "same_family_value": 0.25}
    rules = ZoneRules(weights=engine.Rules.from_mapping(given, version="r4"), policy=POLICY, saved=None)

    groups = weighed(rules)

    assert [group for group, _ in groups] == list(GROUPS)
    figures = {name: (value, share) for _, rows in groups for name, value, share in rows}
    assert list(figures) == sorted(WEIGHT_NAMES, key=list(figures).index)
    assert [figures[name] for name in ("process", "region", "budget", "same_family_value")] == [
        (30.0, 75.0), (10.0, 25.0), (0.0, 0.0), (0.25, 25.0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rank", "other", "words"),
    [
        (1, 1, "as before"),
        (1, 2, "▲ up 1 place"),
        (1, 5, "▲ up 4 places"),
        (5, 3, "▼ down 2 places"),
        (5, 6, "new was 6"),
        (5, None, "new not among the first 20"),
    ],
)
def test_how_a_place_came_about(rank: int, other: int | None, words: str) -> None:
    assert _words(move(_place(rank, other))) == words


@pytest.mark.parametrize(("other", "words"), [(5, ""), (6, "out now 6"), (None, "out beyond the first 20")])
def test_what_became_of_a_place(other: int | None, words: str) -> None:
    assert _words(exit_mark(_place(4, other))) == words


def test_points_won_and_lost() -> None:
    assert [signed(value) for value in (2.5, -1.0, 0.0)] == ["+2.5", "−1.0", "±0"]
    assert (_place(1, 2).gained, _place(1, None).gained) == (2.0, None)


def test_why_the_rule_keeps_a_match() -> None:
    match = Match(pk=7)

    assert held_reason({}, match) == ""
    assert held_reason({7: Full(3, 2)}, match) == "The operator has 3 leads to answer already (at most 2)"
