"""Contestants take turns, and one that does not see a new listing is caught."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from benchmarks.declared import Offer, Wish
from benchmarks.field import Listing, Need
from benchmarks.ring import Entry, take_turns, update_ms
from matching.engine import CapabilityFacts, OpenNeed


def need(name: str) -> Need:
    return Need(name, (), Wish(), OpenNeed(id=name, conditions=()))


def listing(name: str) -> Listing:
    return Listing(name, (), Offer(), CapabilityFacts(id=name))


class Listed:
    """Finds everything, and notes who was asked."""

    def __init__(self, name: str, asked: list[str], *, forgetful: bool = False) -> None:
        self.name = name
        self.asked = asked
        self.found = ["a", "b"]
        self.forgetful = forgetful

    def rank(self, need: Need) -> list[str]:
        self.asked.append(f"{self.name}{need.id}")
        return self.found

    def update(self, listing: Listing) -> None:
        if not self.forgetful:
            self.found = [*self.found, listing.id]

    def close(self) -> None:
        raise AssertionError("not ours to close")


def ring(asked: list[str], most: Sequence[int]) -> list[Entry]:
    return [Entry(Listed(name, asked), 0.0, 0.0, count) for name, count in zip("XYZ", most, strict=True)]


def test_another_one_begins_each_time() -> None:
    asked: list[str] = []
    entries = ring(asked, [9, 9, 9])
    take_turns(entries, [need("1"), need("2"), need("3")], [])
    assert asked == ["X1", "Y1", "Z1", "Y2", "Z2", "X2", "Z3", "X3", "Y3"]
    assert [len(entry.spent) for entry in entries] == [3, 3, 3]
    assert entries[0].rankings == {"1": ["a", "b"], "2": ["a", "b"], "3": ["a", "b"]}


def test_the_slow_are_asked_less_often() -> None:
    asked: list[str] = []
    take_turns(ring(asked, [3, 1, 2]), [need("1"), need("2"), need("3")], [])
    assert asked == ["X1", "Y1", "Z1", "Z2", "X2", "X3"]


def test_a_new_listing_is_seen_by_the_next_ranking() -> None:
    contestant = Listed("X", [])
    assert update_ms(contestant, [need("1"), need("2")], [listing("a"), listing("b")]) >= 0
    assert contestant.found == ["a", "b", "b0", "b1"]


def test_a_new_listing_that_is_not_seen_is_an_error() -> None:
    with pytest.raises(AssertionError, match="X does not see the new b0"):
        update_ms(Listed("X", [], forgetful=True), [need("1")], [listing("a"), listing("b")])
