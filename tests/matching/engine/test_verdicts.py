"""Each kind of condition, each operator: what passes, what contradicts, what is only unknown."""

from __future__ import annotations

from datetime import date

import pytest

from matching.engine import CapabilityFacts, Condition, Fact, Judgement, Verdict, Window, judge

from .worlds import DAY, KNOWLEDGE, line, needs, needs_run, needs_volume, value, volume

PASS, FAIL, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN


def verdict(condition: Condition, record: CapabilityFacts) -> Verdict:
    (judgement,) = judge([condition], record, KNOWLEDGE)
    return judgement.verdict


@pytest.mark.parametrize(
    ("kind", "asked", "held", "expected"),
    [
        ("process", "drying", "drying", PASS),
        ("process", "drying", "spray drying", PASS),  # a kind of it
        ("process", "spray drying", "drying", UNKNOWN),  # broader: which kind is not said
        ("process", "drying", "fermentation", UNKNOWN),  # akin
        ("process", "drying", "lithography", FAIL),  # something else altogether
        ("process", "drying", "milling", UNKNOWN),  # of a family nobody knows
        ("process", "welding", "lithography", UNKNOWN),
        ("stage", "PILOT", "PILOT", PASS),
        ("stage", "PILOT", "DEMO", UNKNOWN),
        ("service", "tolling", "tolling", PASS),
        ("service", "tolling", "testing", UNKNOWN),
        ("qualification", "FOOD", "FOOD", PASS),
        ("qualification", "FOOD", "FSSC22000", PASS),  # includes it
        ("qualification", "FSSC22000", "FOOD", UNKNOWN),
        ("material", "钛", "钒钛新材料", PASS),
        ("material", "钒钛新材料", "钛", UNKNOWN),
        ("material", "CO", "CO2", UNKNOWN),
        ("material", "co2", "CO2", PASS),
        ("chain", "food", "food", PASS),
        ("chain", "food", "biotech", UNKNOWN),
        ("chain", "food", "chips", FAIL),
        ("chain", "chips", "food", UNKNOWN),  # nothing known about its neighbours
        ("hazard", "explosive", "explosive", PASS),
        ("hazard", "toxic", "explosive", UNKNOWN),
        ("colour", "red", "red", PASS),
    ],
)
def test_required_value(kind: str, asked: str, held: str, expected: Verdict) -> None:
    assert verdict(needs(kind, asked), line("a", value(kind, held))) == expected


@pytest.mark.parametrize("kind", ["process", "stage", "service", "material", "chain", "qualification", "hazard"])
def test_nothing_known_is_unknown(kind: str) -> None:
    assert verdict(needs(kind, "anything", hard=True), line("a")) == UNKNOWN


def test_any_of_several_values_suffices() -> None:
    assert verdict(needs("process", "welding", "drying"), line("a", value("process", "drying"))) == PASS


def test_hazard_is_shown_by_a_qualification_or_an_own_process() -> None:
    assert verdict(needs("hazard", "explosive"), line("a", value("qualification", "ATEX"))) == PASS
    assert verdict(needs("hazard", "explosive"), line("a", value("process", "lithography"))) == PASS
    elsewhere = value("process", "lithography", source="platform")
    assert verdict(needs("hazard", "explosive"), line("a", elsewhere)) == UNKNOWN


def test_negated_fact_contradicts() -> None:
    assert verdict(needs("process", "drying"), line("a", value("process", "drying", negated=True))) == FAIL
    assert verdict(needs("process", "spray drying"), line("a", value("process", "drying", negated=True))) == FAIL
    assert verdict(needs("process", "drying"), line("a", value("process", "spray drying", negated=True))) == UNKNOWN


def test_own_fact_beats_negation_and_negation_beats_the_platform() -> None:
    no, own = value("process", "drying", negated=True), value("process", "drying")
    there = value("process", "drying", source="platform")
    assert verdict(needs("process", "drying"), line("a", no, own)) == PASS
    assert verdict(needs("process", "drying"), line("a", there, no)) == FAIL
    assert verdict(needs("process", "drying"), line("a", there)) == PASS


def test_a_permit_of_another_line_does_not_count() -> None:
    there = value("qualification", "FOOD", source="platform")
    assert verdict(needs("qualification", "FOOD"), line("a", there)) == UNKNOWN


def test_not_required_passes_whatever_is_known() -> None:
    no = value("qualification", "FOOD", negated=True)
    assert verdict(needs("qualification", "FOOD", hard=True, op="not_required"), line("a", no)) == PASS


def test_excluded_process() -> None:
    without = needs("process", "fermentation", op="exclude")
    assert verdict(without, line("a", value("process", "fermentation"))) == FAIL
    assert verdict(without, line("a", value("process", "fermentation", negated=True))) == PASS
    assert verdict(without, line("a", value("process", "drying"))) == UNKNOWN
    assert verdict(without, line("a")) == UNKNOWN


def test_line_that_offers_what_is_needed_may_offer_the_excluded_too() -> None:
    both = line("a", value("process", "fermentation"), value("process", "spray drying", text="spray tower"))
    asked = [needs("process", "drying"), needs("process", "fermentation", op="exclude")]
    assert [one.verdict for one in judge(asked, both, KNOWLEDGE)] == [PASS, PASS]


def test_excluded_hazard_describes_the_project() -> None:
    without = needs("hazard", "explosive", op="exclude")
    assert verdict(without, line("a")) == PASS
    assert verdict(without, line("a", value("hazard", "explosive"))) == FAIL


@pytest.mark.parametrize(
    ("asked", "held", "expected"),
    [
        ((100, 500), (100, 500), PASS),
        ((100, 500), (1, 1000), PASS),
        ((100, 500), (200, 1000), FAIL),
        ((100, 500), (1, 400), FAIL),
        ((100, 500), (None, 1000), PASS),  # "up to"
        ((100, 500), (50, None), PASS),  # "at least"
        ((None, 500), (200, 600), PASS),  # only the upper end must be reached
        ((None, 500), (None, 400), FAIL),
        ((800, None), (100, 1000), PASS),
        ((800, None), (100, 500), FAIL),
        ((100, 500), (102, 490), PASS),  # rounded units
        ((100, 500), (103, 500), FAIL),
        ((-20, -10), (-40, 5), PASS),
        ((-20, -10), (-15, 5), FAIL),
    ],
)
def test_range_covers(
    asked: tuple[float | None, float | None], held: tuple[float | None, float | None], expected: Verdict
) -> None:
    assert verdict(needs_volume(*asked), line("a", volume(*held))) == expected


@pytest.mark.parametrize(
    ("asked", "held", "expected"),
    [
        ((100, 500), (400, 1000), PASS),
        ((100, 500), (600, 1000), FAIL),
        ((100, 500), (10, 90), FAIL),
        ((10000, None), (5000, 10000), PASS),
        ((10000, None), (None, 6000), FAIL),
        ((None, 23), (7, 7), PASS),
        ((None, 23), (24, 24), FAIL),
    ],
)
def test_range_overlaps(
    asked: tuple[float | None, float | None], held: tuple[float | None, float | None], expected: Verdict
) -> None:
    assert verdict(needs_volume(*asked, op="overlaps"), line("a", volume(*held))) == expected


def test_one_fitting_vessel_among_several_is_enough() -> None:
    judged = judge([needs_volume(50, 80)], line("a", volume(1, 10), volume(20, 100, text="100 L")), KNOWLEDGE)
    assert judged == (Judgement(PASS, "100 L", "declared", ""),)


def test_vessels_that_only_span_the_range_together_are_a_question() -> None:
    assert verdict(needs_volume(5, 80), line("a", volume(1, 10), volume(20, 100))) == UNKNOWN


def test_total_of_several_vessels_is_another_dimension() -> None:
    total = Fact(kind="parameter", quantity="volume", dimension="V(total)", low=5000, high=5000)
    assert verdict(needs_volume(5000, 5000), line("a", total)) == UNKNOWN


def test_quantity_without_a_name_never_contradicts() -> None:
    def share(low: float, high: float) -> dict[str, object]:
        return {"kind": "parameter", "quantity": "other", "dimension": "%", "low": low, "high": high}

    asked = Condition(**share(90, 90), op="covers")  # type: ignore[arg-type]
    assert verdict(asked, line("a", Fact(**share(3, 13)))) == UNKNOWN  # type: ignore[arg-type]
    assert verdict(asked, line("a", Fact(**share(80, 99)))) == PASS  # type: ignore[arg-type]


def test_unbounded_range_and_unbounded_condition_say_nothing() -> None:
    assert verdict(needs_volume(1, 2), line("a", volume(None, None))) == UNKNOWN
    assert verdict(needs_volume(None, None), line("a", volume(1, 2))) == UNKNOWN


@pytest.mark.parametrize(
    ("codes", "place", "expected"),
    [
        (("510100",), ("CN", "510000", "510100"), PASS),
        (("510000",), ("CN", "510000", "510100"), PASS),
        (("CN",), ("CN", "510000", "510100"), PASS),
        (("510100",), ("CN", "510000"), UNKNOWN),
        (("510000",), ("CN",), UNKNOWN),
        (("510000",), (), UNKNOWN),
        (("510100",), ("CN", "330000"), FAIL),
        (("510000",), ("DE",), FAIL),
        (("EU",), ("DE",), PASS),
        (("EU",), ("CN",), FAIL),
        (("south",), ("CN", "440000"), PASS),
        (("south",), ("CN",), UNKNOWN),
        (("south",), ("CN", "110000"), FAIL),
        (("EU", "CN"), ("CN", "110000"), PASS),
        (("广东/广州",), ("CN", "510000"), FAIL),
    ],
)
def test_region(codes: tuple[str, ...], place: tuple[str, ...], expected: Verdict) -> None:
    assert verdict(needs("region", *codes), line("a", region=place)) == expected


def test_excluded_region_is_turned_round() -> None:
    without = needs("region", "CN", op="exclude")
    assert [verdict(without, line("a", region=place)) for place in [("CN", "510000"), ("DE",), ()]] == [
        FAIL,
        PASS,
        UNKNOWN,
    ]


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        (None, UNKNOWN),
        ((), FAIL),
        (((0, 20),), PASS),  # the last start day of 14 in 0..20 is day 7
        (((0, 16),), PASS),  # exactly one start day
        (((0, 15),), FAIL),
        (((15, 40),), FAIL),
        (((0, 5), (10, 30)), PASS),
    ],
)
def test_window(periods: tuple[tuple[int, int], ...] | None, expected: Verdict) -> None:
    free = None if periods is None else tuple((DAY + first, DAY + last) for first, last in periods)
    assert verdict(needs_run(3, 14, 14), line("a", availability=free)) == expected


def test_calendar_says_nothing_of_the_year_after() -> None:
    free = ((DAY, DAY + 7),)
    next_year = date(2027, 1, 1).toordinal() - DAY
    assert verdict(needs_run(next_year, next_year + 10, 14), line("a", availability=free)) == UNKNOWN
    assert verdict(needs_run(next_year - 1, next_year + 10, 14), line("a", availability=free)) == FAIL


def test_line_in_build_cannot_start_within_a_week() -> None:
    def start_by(days: int) -> Condition:
        return Condition(kind="start_by", window=Window(DAY, DAY + days))

    unbuilt = line("a", is_operating=False, status_text="在建")
    assert judge([start_by(0)], unbuilt, KNOWLEDGE) == (Judgement(FAIL, "在建", "declared", ""),)
    assert verdict(start_by(8), unbuilt) == UNKNOWN
    assert verdict(start_by(0), line("a", is_operating=True)) == UNKNOWN


def test_kinds_that_cannot_be_tested_are_unknown() -> None:
    assert verdict(Condition(kind="start_by"), line("a")) == UNKNOWN
    assert verdict(Condition(kind="process"), line("a", value("process", "drying"))) == UNKNOWN


def test_evidence_names_the_fact_its_source_and_date() -> None:
    record = line("a", value("process", "drying", text="喷雾塔", source="read"), date="2025-06-01")
    assert judge([needs("process", "drying")], record, KNOWLEDGE) == (Judgement(PASS, "喷雾塔", "read", "2025-06-01"),)


def test_evidence_prefers_what_the_operator_confirmed() -> None:
    read = value("process", "drying", text="read", source="read", date="2024")
    sure = value("process", "drying", text="sure", confirmed=True, date="2026")
    assert judge([needs("process", "drying")], line("a", read, sure), KNOWLEDGE) == (
        Judgement(PASS, "sure", "declared", "2026"),
    )


def test_evidence_of_something_else_lists_what_is_offered() -> None:
    record = line("a", value("process", "lithography"), value("chain", "chips"))
    assert judge([needs("process", "drying")], record, KNOWLEDGE)[0].evidence == "lithography"
