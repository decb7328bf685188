"""Small hand-made worlds for the engine's tests, and strategies that draw random ones."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from matching.engine import CapabilityFacts, Condition, Fact, Knowledge, Window

DAY = date(2026, 11, 23).toordinal()

KNOWLEDGE = Knowledge(
    narrower={"drying": frozenset({"spray drying", "freeze drying"})},
    related={"fermentation": frozenset({"drying"})},
    families={
        "drying": "SEP",
        "spray drying": "SEP",
        "freeze drying": "SEP",
        "fermentation": "BIO",
        "lithography": "IC",
    },
    family_kin={"SEP": frozenset({"SEP", "BIO"}), "BIO": frozenset({"SEP", "BIO"}), "IC": frozenset({"IC"})},
    proofs={"FOOD": frozenset({"FSSC22000"})},
    hazard_proofs={"explosive": frozenset({("qualification", "ATEX"), ("process", "lithography")})},
    chain_near={"food": frozenset({"biotech"})},
    chain_kin={"food": frozenset({"biotech"})},
    region_groups={"EU": frozenset({"DE", "FR"}), "south": frozenset({"440000", "460000"})},
    clusters=(frozenset({"510000", "500000"}),),
)


def value(kind: str, name: str, **rest: object) -> Fact:
    return Fact(kind=kind, value=name, **rest)  # type: ignore[arg-type]


def volume(low: float | None, high: float | None, **rest: object) -> Fact:
    return Fact(kind="parameter", quantity="volume", dimension="V", low=low, high=high, **rest)  # type: ignore[arg-type]


def line(name: str, *facts: Fact, **rest: object) -> CapabilityFacts:
    return CapabilityFacts(id=name, facts=facts, **rest)  # type: ignore[arg-type]


def needs(kind: str, *values: str, hard: bool = False, op: str = "require") -> Condition:
    return Condition(kind=kind, values=values, hard=hard, op=op)  # type: ignore[arg-type]


def needs_volume(low: float | None, high: float | None, *, op: str = "covers", hard: bool = False) -> Condition:
    return Condition(kind="parameter", quantity="volume", dimension="V", low=low, high=high, op=op, hard=hard)  # type: ignore[arg-type]


def needs_run(earliest: int, latest: int, days: int, *, hard: bool = False) -> Condition:
    return Condition(kind="window", window=Window(DAY + earliest, DAY + latest, days), hard=hard)


_NAMES = {
    "process": ["drying", "spray drying", "fermentation", "lithography", "milling"],
    "material": ["钛", "钒钛新材料", "CO", "CO2"],
    "qualification": ["FOOD", "FSSC22000", "ATEX"],
    "chain": ["food", "biotech", "chips"],
    "service": ["tolling"],
    "stage": ["PILOT", "DEMO"],
    "hazard": ["explosive"],
}
_REGIONS = [(), ("CN",), ("CN", "510000", "510100"), ("CN", "510000"), ("CN", "500000"), ("DE",)]
_CODES = ["south", "510000", "510100", "500000", "CN", "EU", "DE"]
_kinds = st.sampled_from(sorted(_NAMES))
_bounds = st.tuples(st.sampled_from([None, 1.0, 10.0, 100.0]), st.sampled_from([None, 100.0, 1000.0]))


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    if draw(st.booleans()):
        low, high = draw(_bounds)
        return volume(low, high)
    kind = draw(_kinds)
    return value(
        kind,
        draw(st.sampled_from(_NAMES[kind])),
        negated=draw(st.booleans()),
        source=draw(st.sampled_from(["declared", "read", "platform"])),
    )


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    hard, form = draw(st.booleans()), draw(st.integers(0, 5))
    if form == 0:
        low, high = draw(_bounds)
        return needs_volume(low, high, op=draw(st.sampled_from(["covers", "overlaps"])), hard=hard)
    if form == 1:
        op = draw(st.sampled_from(["require", "exclude", "not_required"]))
        return needs("region", *draw(st.lists(st.sampled_from(_CODES), min_size=1, max_size=2)), op=op, hard=hard)
    if form == 2:
        earliest = draw(st.integers(0, 60))
        return needs_run(earliest, earliest + draw(st.integers(0, 40)), draw(st.integers(1, 21)), hard=hard)
    kind = draw(_kinds)
    op = draw(st.sampled_from(["require", "require", "exclude", "not_required"]))
    return needs(kind, *draw(st.lists(st.sampled_from(_NAMES[kind]), min_size=1, max_size=2)), op=op, hard=hard)


_periods = st.lists(st.tuples(st.integers(0, 80), st.integers(0, 30)), max_size=2)


@st.composite
def capabilities(draw: st.DrawFn, name: str = "a") -> CapabilityFacts:
    periods = draw(st.none() | _periods)
    return line(
        name,
        *draw(st.lists(facts(), max_size=5)),
        region=draw(st.sampled_from(_REGIONS)),
        availability=None if periods is None else tuple((DAY + at, DAY + at + length) for at, length in periods),
        is_operating=draw(st.sampled_from([None, True, False])),
        words=tuple(draw(st.lists(st.sampled_from(["whey", "lens", "发酵"]), max_size=2, unique=True))),
    )


@st.composite
def catalogues(draw: st.DrawFn, most: int = 6) -> list[CapabilityFacts]:
    return [draw(capabilities(f"c{number}")) for number in range(draw(st.integers(1, most)))]
