"""What a catalogue teaches about words, on worlds small enough to count by hand."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from matching.engine import CapabilityFacts, Likely, learn

from .worlds import line, value

FLUORO = ("process", "fluoro step")


def world(*groups: tuple[int, Iterable[str], Iterable[tuple[str, str]]]) -> list[CapabilityFacts]:
    """So many listings of each kind: how many, what they declare of processes, which phrases they write."""
    return [
        line(f"{group}-{number}", *(value("process", name) for name in declared), phrases=tuple(phrases))
        for group, (count, declared, phrases) in enumerate(groups)
        for number in range(count)
    ]


def test_a_phrase_means_what_its_listings_declare_and_others_do_not() -> None:
    records = world((3, ["fluorination"], [FLUORO]), (1, ["drying"], [FLUORO]), (6, ["drying"], []))

    assert learn(records) == (Likely(FLUORO, "fluorination", listings=4, together=3),)


def test_three_listings_are_too_few() -> None:
    assert learn(world((3, ["fluorination"], [FLUORO]), (7, ["drying"], []))) == ()


def test_two_of_five_are_too_small_a_share() -> None:
    rest = [(1, [name], [FLUORO]) for name in ("milling", "drying", "coating")]

    assert learn(world((2, ["fluorination"], [FLUORO]), *rest, (20, [], []))) == ()


def test_three_of_five_are_enough() -> None:
    rest = [(1, [name], [FLUORO]) for name in ("milling", "drying")]
    records = world((3, ["fluorination"], [FLUORO]), *rest, (20, [], []))

    assert learn(records) == (Likely(FLUORO, "fluorination", 5, 3),)


def test_what_everybody_declares_is_no_meaning() -> None:
    assert learn(world((4, ["drying"], [FLUORO]), (6, ["drying"], []))) == ()


def test_two_meanings_as_likely_as_each_other_teach_neither() -> None:
    assert learn(world((4, ["fluorination", "milling"], [FLUORO]), (16, [], []))) == ()


@pytest.mark.parametrize(("second", "taught"), [(7, ["fluorination"]), (9, [])])
def test_a_meaning_must_lead_by_a_quarter(second: int, taught: list[str]) -> None:
    # of ten that write it, all declare the one and so many the other: 0.90 beside 0.63, or beside 0.81
    both, one = (second, ["fluorination", "milling"], [FLUORO]), (10 - second, ["fluorination"], [FLUORO])

    assert [likely.value for likely in learn(world(both, one, (90, [], [])))] == taught


def test_a_permit_is_not_learned_from_processes() -> None:
    written = ("qualification", "kc")
    assert learn(world((5, ["fluorination"], [written]), (20, [], []))) == ()

    permits = [line(f"q{n}", value("qualification", "KC-MARK"), phrases=(written,)) for n in range(5)]
    assert learn([*permits, *world((20, [], []))]) == (Likely(written, "KC-MARK", 5, 5),)


def test_products_are_not_learned_at_all() -> None:
    written = ("material", "sterol")
    records = [line(f"m{n}", value("material", "plant sterol"), phrases=(written,)) for n in range(5)]

    assert learn([*records, *world((20, [], []))]) == ()


def test_only_what_the_source_declares_teaches() -> None:
    for source in ("read", "platform"):
        taught = [line(f"l{n}", value("process", "fluorination", source=source), phrases=(FLUORO,)) for n in range(5)]
        assert learn([*taught, *world((20, [], []))]) == ()


def test_the_surest_comes_first_and_the_order_of_listings_does_not_matter() -> None:
    other = ("process", "a grind")
    records = world((4, ["milling"], [other]), (5, ["fluorination"], [FLUORO]), (20, [], []))
    taught = (Likely(FLUORO, "fluorination", 5, 5), Likely(other, "milling", 4, 4))

    assert learn(records) == learn(reversed(records)) == taught


def test_an_empty_catalogue_teaches_nothing() -> None:
    assert learn([]) == ()
