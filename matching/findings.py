"""What the engine found for a need, in the shapes the tables and the API keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from matching import engine
from zhongshi.vocabulary.reading import to_base

Records = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One capability (by primary key) with its score 0..100, the score's components and a verdict per condition."""

    capability_id: int
    rank: int
    score: float
    components: list[dict[str, Any]]
    verdicts: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The whole answer: how many remain, where the others went, what relaxing would open, which sets cover together.

    `routes` name capabilities by primary key, as `found` does.
    """

    found: list[Found]
    candidates: int
    funnel: list[dict[str, Any]]
    excluded: list[dict[str, Any]]
    relaxations: list[dict[str, Any]]
    routes: list[dict[str, Any]]
    rules_version: str
    engine_version: str
    catalogue_version: int


def findings_of(outcome: engine.Outcome, records: Records, *, rules_version: str, catalogue_version: int) -> Findings:
    """Write an outcome down; `records` are the need's conditions in the exchange format, in their order."""
    return Findings(
        found=[found_of(result, records, rank=rank) for rank, result in enumerate(outcome.results, start=1)],
        candidates=outcome.candidates,
        funnel=[{"step": step.code, "condition": step.condition, "count": step.count} for step in outcome.funnel],
        excluded=[_excluded(part, records) for part in outcome.excluded],
        relaxations=[_relaxed(part, records) for part in outcome.relaxations],
        routes=[_route(part) for part in outcome.routes],
        rules_version=rules_version,
        engine_version=engine.ENGINE_VERSION,
        catalogue_version=catalogue_version,
    )


def found_of(result: engine.Result, records: Records, *, rank: int) -> Found:
    """Write one result down: score to one digit, a verdict per condition in the order of `records`."""
    return Found(
        capability_id=int(result.capability),
        rank=rank,
        score=round(min(max(result.score, 0.0), 100.0), 1),
        components=[
            {"name": part.name, "weight": part.weight, "value": round(part.value, 3), "points": round(part.points, 1)}
            for part in result.components
        ],
        verdicts=[
            {
                "condition": position,
                "kind": record["kind"],
                "hard": bool(record.get("hard")),
                "verdict": str(judgement.verdict),
                "evidence": {"text": judgement.evidence, "source": judgement.source, "date": judgement.date},
            }
            for position, (judgement, record) in enumerate(zip(result.judgements, records, strict=True))
        ],
    )


def _excluded(part: engine.Exclusion, records: Records) -> dict[str, Any]:
    record = records[part.condition]
    reason = record.get("text") or record.get("quantity") or record["kind"]
    return {"reason": reason, "condition": part.condition, "kind": record["kind"], "count": part.count}


def _relaxed(part: engine.Relaxation, records: Records) -> dict[str, Any]:
    record = records[part.condition]
    change: dict[str, Any] = {"action": part.action}
    if part.action == "widen":
        change |= _widened(part, record)
    return {"condition": part.condition, "kind": record["kind"], "change": change, "gain": part.gain}


def _widened(part: engine.Relaxation, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the new values, bounds or dates in the words and the unit of the condition itself."""
    if part.window is not None:
        earliest, latest = (date.fromordinal(day).isoformat() for day in (part.window.earliest, part.window.latest))
        if record["kind"] == "start_by":
            return {"value": latest}
        return {"earliest_start": earliest, "latest_start": latest}
    if part.values:
        return {"value": list(part.values)}
    unit = str(record.get("unit") or "")
    return {"min": _in_unit(part.low, unit), "max": _in_unit(part.high, unit), "unit": unit}


def _in_unit(base: float | None, unit: str) -> float | None:
    """Convert a base value back; units are linear, so two points tell scale and offset."""
    zero, one = to_base(0.0, unit), to_base(1.0, unit)
    if base is None or zero is None or one is None:
        return base
    return round((base - zero[1]) / (one[1] - zero[1]), 6)


def _route(part: engine.Route) -> dict[str, Any]:
    return {
        "capabilities": [int(step.capability) for step in part.steps],
        "steps": [{"capability": int(step.capability), "conditions": list(step.conditions)} for step in part.steps],
        "missing": list(part.missing),
    }
