"""One capability against one demand: the verdict with its evidence. The only place that says what passes.

`columns` answers the same question for every row of an index at once and is tested to agree with this module.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from .demands import SLACK, Demand, Fixed, Membership, Place, Span, Time, resolve
from .knowledge import Knowledge
from .model import CapabilityFacts, Condition, Fact, Judgement, Verdict, Window
from .regions import place_verdict
from .words import contains

# A line still being built cannot begin within a week; later nobody knows.
SOON_DAYS = 7
_UNKNOWN = Judgement(Verdict.UNKNOWN)
_TURNED = {Verdict.PASS: Verdict.FAIL, Verdict.FAIL: Verdict.PASS, Verdict.UNKNOWN: Verdict.UNKNOWN}


def judge(conditions: Sequence[Condition], record: CapabilityFacts, knowledge: Knowledge) -> tuple[Judgement, ...]:
    """Judge one capability by every condition of one need, in their order."""
    return judge_demands(resolve(conditions, knowledge), record, knowledge)


def judge_demands(demands: Sequence[Demand], record: CapabilityFacts, knowledge: Knowledge) -> tuple[Judgement, ...]:
    """Judge one capability by demands that were resolved before."""
    return tuple(_judge(demand, record, knowledge) for demand in demands)


def _judge(demand: Demand, record: CapabilityFacts, knowledge: Knowledge) -> Judgement:
    match demand:
        case Fixed():
            return Judgement(demand.verdict)
        case Membership():
            return _exclusion(demand, record) if demand.excluding else _membership(demand, record, knowledge)
        case Span():
            return _span(demand, record)
        case Place():
            return _place(demand, record)
        case Time():
            return _time(demand.window, record)


def by_fact(verdict: Verdict, fact: Fact, record: CapabilityFacts) -> Judgement:
    """Return the verdict with the fact as its evidence."""
    return Judgement(verdict, fact.text or fact.value or "", fact.source, fact.date or record.date)


def _is_wanted(fact: Fact, demand: Membership) -> bool:
    if fact.value is None or (fact.source == "platform" and not demand.shared):
        return False
    if (fact.kind, fact.value) in demand.wanted:
        return True
    value = fact.value
    return fact.kind == demand.kind and any(contains(value, name) for name in demand.contains)


def _first_wanted(demand: Membership, record: CapabilityFacts) -> Fact | None:
    found = [fact for fact in record.facts if not fact.negated and _is_wanted(fact, demand)]
    return min(found, key=_trust, default=None)


def _trust(fact: Fact) -> tuple[bool, bool]:
    return fact.source == "platform", not fact.confirmed


def _denying(demand: Membership, record: CapabilityFacts) -> Fact | None:
    return next((fact for fact in record.facts if fact.negated and (fact.kind, fact.value) in demand.denied), None)


def _membership(demand: Membership, record: CapabilityFacts, knowledge: Knowledge) -> Judgement:
    found, denying = _first_wanted(demand, record), _denying(demand, record)
    if found and (found.source != "platform" or not denying):
        return by_fact(Verdict.PASS, found, record)
    if denying:
        return by_fact(Verdict.FAIL, denying, record)
    if demand.kin is None:
        return _UNKNOWN
    return _something_else(demand, record, knowledge)


def _something_else(demand: Membership, record: CapabilityFacts, knowledge: Knowledge) -> Judgement:
    offered = [fact for fact in record.facts if fact.kind == demand.kind and fact.value and not fact.negated]
    values = {kin_value(fact, demand.kin_kind, knowledge) for fact in offered} - {None}
    if not values or values & (demand.kin or frozenset()):
        return _UNKNOWN
    listing = "、".join(dict.fromkeys(fact.value or "" for fact in offered))
    return Judgement(Verdict.FAIL, listing, offered[0].source, offered[0].date or record.date)


def kin_value(fact: Fact, kin_kind: str, knowledge: Knowledge) -> str | None:
    """What a fact counts as when kinship is asked: a process's family, or the chain itself."""
    return knowledge.families.get(fact.value or "") or None if kin_kind == "family" else fact.value


def _exclusion(demand: Membership, record: CapabilityFacts) -> Judgement:
    excuse = next(
        (fact for fact in record.facts if not fact.negated and (fact.kind, fact.value) in demand.excuses), None
    )
    if excuse:
        return by_fact(Verdict.PASS, excuse, record)
    found = _first_wanted(demand, record)
    if found:
        return by_fact(Verdict.FAIL, found, record)
    denying = _denying(demand, record)
    return by_fact(Verdict.PASS, denying, record) if denying else Judgement(demand.absent)


def _span(demand: Span, record: CapabilityFacts) -> Judgement:
    known = [fact for fact in record.facts if is_range_of(fact, demand.quantity, demand.dimension)]
    if not known:
        return _UNKNOWN
    for fact in known:
        if range_fits(demand, *bounds(fact)):
            return by_fact(Verdict.PASS, fact, record)
    together = (min(bounds(fact)[0] for fact in known), max(bounds(fact)[1] for fact in known))
    # Several vessels that only together span the range: which one is meant must be asked.
    is_open = range_fits(demand, *together) or not demand.contradicts
    return _UNKNOWN if is_open else by_fact(Verdict.FAIL, known[0], record)


def is_range_of(fact: Fact, quantity: str, dimension: str) -> bool:
    """Is this fact a range of that quantity in that dimension, with at least one bound?"""
    same = fact.quantity == quantity and fact.dimension == dimension and not fact.negated
    return same and not (fact.low is None and fact.high is None)


def bounds(fact: Fact) -> tuple[float, float]:
    """The range of a fact with open bounds as infinities."""
    return (float("-inf") if fact.low is None else fact.low, float("inf") if fact.high is None else fact.high)


def limits(demand: Span) -> tuple[float, float]:
    """The demanded ends that a fact's (low, high) are compared with, slack included: low <= first, second <= high."""
    first, second = (demand.low, demand.high) if demand.covers else (demand.high, demand.low)
    return first + SLACK * _size(first), second - SLACK * _size(second)


def _size(bound: float) -> float:
    return 0.0 if bound in (float("inf"), float("-inf")) else abs(bound)


def range_fits(demand: Span, low: float, high: float) -> bool:
    """Does the range contain (covers) or meet (overlaps) what is demanded?"""
    first, second = limits(demand)
    return low <= first and second <= high


def _place(demand: Place, record: CapabilityFacts) -> Judgement:
    verdict = place_verdict(record.region, demand.paths)
    if demand.excluding:
        verdict = _TURNED[verdict]
    evidence = record.region_text if verdict != Verdict.UNKNOWN else ""
    return Judgement(verdict, evidence, "declared" if evidence else "", record.date if evidence else "")


def _time(window: Window, record: CapabilityFacts) -> Judgement:
    if record.availability is None:
        return _unbuilt(window, record)
    for first, last in record.availability:
        if run_fits(window, first, last):
            return Judgement(Verdict.PASS, f"{_day(first)}/{_day(last)}", "declared", record.date)
    if record.availability and window.earliest > horizon(record.availability):
        return _UNKNOWN
    periods = ", ".join(f"{_day(first)}/{_day(last)}" for first, last in record.availability)
    return Judgement(Verdict.FAIL, periods, "declared", record.date)


def _unbuilt(window: Window, record: CapabilityFacts) -> Judgement:
    if record.is_operating is False and window.latest - window.earliest <= SOON_DAYS:
        return Judgement(Verdict.FAIL, record.status_text, "declared", record.date)
    return _UNKNOWN


def run_fits(window: Window, first: int, last: int) -> bool:
    """Can a run of the window's days begin in time inside this free period?"""
    return max(first, window.earliest) <= min(last - window.days + 1, window.latest)


def horizon(periods: Sequence[tuple[int, int]]) -> int:
    """Up to when a calendar speaks: the end of the year of its last free day."""
    return date(date.fromordinal(max(last for _, last in periods)).year, 12, 31).toordinal()


def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()
