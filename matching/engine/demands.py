"""Conditions made ready to be tested: every relation of the vocabulary is worked out once, before any row is seen.

A demand says what a fact must be, not what the need said; both directions and both ways of testing (one record,
or a whole column) read the same demands.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .knowledge import Atom, Knowledge
from .model import Condition, Path, Verdict, Window
from .regions import region_path

NUMERIC_KINDS = frozenset({"parameter", "budget", "duration"})
# People and machines of one platform serve all its lines; a permit or a vessel belongs to one of them.
SHARED_KINDS = frozenset({"process", "service"})
TIME_KINDS = frozenset({"start_by", "window"})
UNNAMED = "other"
# Units are rounded in texts (100 kgf/cm2 is called 10 MPa), so bounds meet within this share.
SLACK = 0.021


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """Some fact must be among `wanted` (or contain one of `contains`).

    denied: negated facts that contradict. kin: where a row's values of `kin_kind` are known and none is here,
    the row does something else altogether; None never contradicts. shared: what another line of the platform
    offers counts as well. excluding: the other way round, with `excuses`
    (a line that offers one of them is not ruled out) and `absent`, the verdict when nothing is said.
    """

    kind: str
    wanted: frozenset[Atom]
    denied: frozenset[Atom] = frozenset()
    contains: tuple[str, ...] = ()
    kin_kind: str = ""
    kin: frozenset[str] | None = None
    shared: bool = False
    excluding: bool = False
    excuses: frozenset[Atom] = frozenset()
    absent: Verdict = Verdict.UNKNOWN


@dataclass(frozen=True, slots=True)
class Span:
    """A known range of this quantity must contain (`covers`) or meet `low`..`high`; infinite bounds are open.

    `contradicts` is False for quantities without a name of their own: two of them may be different things.
    """

    quantity: str
    dimension: str
    low: float
    high: float
    covers: bool
    contradicts: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """The capability must lie in one of the regions; `excluding` turns it round."""

    paths: tuple[Path, ...]
    excluding: bool = False


@dataclass(frozen=True, slots=True)
class Time:
    """A free run must begin within the window."""

    window: Window


@dataclass(frozen=True, slots=True)
class Fixed:
    """The verdict does not depend on the capability."""

    verdict: Verdict


Demand = Membership | Span | Place | Time | Fixed


def resolve(conditions: Sequence[Condition], knowledge: Knowledge) -> tuple[Demand, ...]:
    """Return one demand a condition, in order. A condition nobody can test becomes unknown for all."""
    needed = frozenset(
        atom
        for condition in conditions
        if condition.kind == "process" and condition.op == "require"
        for atom in _process_atoms(condition, knowledge)
    )
    return tuple(_resolve_one(condition, knowledge, needed) for condition in conditions)


def _resolve_one(condition: Condition, knowledge: Knowledge, needed: frozenset[Atom]) -> Demand:
    if condition.op == "not_required":
        return Fixed(Verdict.PASS)
    if condition.kind in NUMERIC_KINDS:
        return _span(condition)
    if condition.kind in TIME_KINDS:
        return Time(condition.window) if condition.window else Fixed(Verdict.UNKNOWN)
    if not condition.values:
        return Fixed(Verdict.UNKNOWN)
    if condition.kind == "region":
        return _place(condition, knowledge)
    if condition.op == "exclude":
        return _exclusion(condition, knowledge, needed)
    return _requirement(condition, knowledge)


def _span(condition: Condition) -> Demand:
    low, high = condition.low, condition.high
    if condition.quantity is None or condition.dimension is None or (low is None and high is None):
        return Fixed(Verdict.UNKNOWN)
    covers = condition.op == "covers"
    if covers:
        # An open side of "must contain" names one point: up to 0.6 MPa asks that 0.6 be reached.
        low, high = (high if low is None else low), (low if high is None else high)
    return Span(
        condition.quantity,
        condition.dimension,
        -math.inf if low is None else low,
        math.inf if high is None else high,
        covers,
        contradicts=condition.quantity != UNNAMED,
    )


def _place(condition: Condition, knowledge: Knowledge) -> Place:
    members = [part for code in condition.values for part in sorted(knowledge.region_groups.get(code, {code}))]
    paths = tuple(region_path(code, knowledge.region_parents) for code in members)
    return Place(paths, excluding=condition.op == "exclude")


def _process_atoms(condition: Condition, knowledge: Knowledge) -> frozenset[Atom]:
    return frozenset(("process", name) for value in condition.values for name in knowledge.satisfying(value))


def _wanted(condition: Condition, knowledge: Knowledge) -> frozenset[Atom]:
    if condition.kind == "process":
        return _process_atoms(condition, knowledge)
    if condition.kind == "qualification":
        return frozenset((condition.kind, name) for value in condition.values for name in knowledge.proving(value))
    own = frozenset((condition.kind, value) for value in condition.values)
    if condition.kind == "hazard":
        return own.union(*(knowledge.hazard_proofs.get(value, frozenset()) for value in condition.values))
    return own


def _denied(condition: Condition, knowledge: Knowledge) -> frozenset[Atom]:
    names = set(condition.values)
    if condition.kind == "process":
        names.update(above for value in condition.values for above in knowledge.broader(value))
    return frozenset((condition.kind, name) for name in names)


def _requirement(condition: Condition, knowledge: Knowledge) -> Membership:
    kin_kind, kin = _kin(condition, knowledge)
    return Membership(
        kind=condition.kind,
        wanted=_wanted(condition, knowledge),
        denied=_denied(condition, knowledge),
        contains=tuple(value for value in condition.values if condition.kind == "material"),
        kin_kind=kin_kind,
        kin=kin,
        shared=condition.kind in SHARED_KINDS,
    )


def _kin(condition: Condition, knowledge: Knowledge) -> tuple[str, frozenset[str] | None]:
    if condition.kind == "process":
        families = {knowledge.families.get(value, "") for value in condition.values}
        known = [knowledge.family_kin[family] for family in families if family in knowledge.family_kin]
        return "family", frozenset().union(*known) if len(known) == len(families) else None
    if condition.kind == "chain":
        kin = [knowledge.chain_kin[value] | {value} for value in condition.values if value in knowledge.chain_kin]
        return "chain", frozenset().union(*kin) if len(kin) == len(condition.values) else None
    return "", None


def _exclusion(condition: Condition, knowledge: Knowledge, needed: frozenset[Atom]) -> Membership:
    wanted = _wanted(condition, knowledge)
    return Membership(
        kind=condition.kind,
        wanted=wanted,
        denied=_denied(condition, knowledge),
        contains=tuple(value for value in condition.values if condition.kind == "material"),
        shared=condition.kind in SHARED_KINDS,
        excluding=True,
        # "No fermentation" looks for a chemistry line; one that does both is still a chemistry line.
        excuses=needed - wanted if condition.kind == "process" else frozenset(),
        # A hazard is excluded to describe the project; a line not known for it does not contradict.
        absent=Verdict.PASS if condition.kind == "hazard" else Verdict.UNKNOWN,
    )
