"""A proposal applied to conditions, and the one change between two revisions."""

from __future__ import annotations

from typing import Any

from matching.relaxed import Changed, only_change, proposal_key, relaxed_records, same_proposal

REGION: dict[str, Any] = {"kind": "region", "value": ["510100"], "hard": True, "text": "成都", "span": [0, 2]}
WINDOW: dict[str, Any] = {
    "kind": "window",
    "earliest_start": "2027-01-04",
    "latest_start": "2027-02-01",
    "weeks": 3,
    "hard": True,
}


def test_wider_values_replace_the_words_they_were_read_from() -> None:
    wider = {"condition": 0, "change": {"action": "widen", "value": ["510100", "510000"]}}

    assert relaxed_records([REGION, WINDOW], wider) == [
        {"kind": "region", "value": ["510100", "510000"], "hard": True, "text": "", "origin": "given"},
        WINDOW,
    ]
    assert REGION["value"] == ["510100"]


def test_a_later_start_keeps_the_weeks() -> None:
    later = {
        "condition": 1,
        "change": {"action": "widen", "earliest_start": "2027-01-04", "latest_start": "2027-03-01"},
    }

    assert relaxed_records([REGION, WINDOW], later)[1]["weeks"] == 3
    assert relaxed_records([REGION, WINDOW], later)[1]["latest_start"] == "2027-03-01"


def test_the_key_names_the_change_and_not_the_gain() -> None:
    one = {"condition": 0, "change": {"action": "drop"}, "gain": 3}

    assert same_proposal(one | {"gain": 9}, proposal_key(one))
    assert not same_proposal(one | {"condition": 1}, proposal_key(one))


def test_only_one_change_can_be_taken_back() -> None:
    milder = REGION | {"hard": False}

    assert only_change([REGION, WINDOW], [milder, WINDOW]) == Changed(REGION, milder)
    assert only_change([REGION, WINDOW], [REGION, WINDOW]) is None
    assert only_change([REGION, WINDOW], [milder, WINDOW | {"weeks": 4}]) is None
    assert only_change([REGION], [REGION, WINDOW]) is None
