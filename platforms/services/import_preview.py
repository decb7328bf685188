"""What loading a prepared file would do, row by row, without doing it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from platforms.importing.columns import label_of
from platforms.importing.comparing import given
from platforms.models import ImportJob
from zhongshi.accounts.actors import Actor

from .import_plan import CREATED, FAILED, Part, Plan, plans_of
from .imports import refused_rows

UNITS_AT_ONCE = 200
FIRST_ROWS = 20
SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One of the first rows: where it stands, what it is, what becomes of it, and the fields that change."""

    row: int
    platform: str
    capability: str
    outcome: str
    changes: list[str]


@dataclass(slots=True)
class Preview:
    """How many rows become what, the first of them, and what would be refused."""

    counts: Counter[str] = field(default_factory=Counter)
    rows: list[PreviewRow] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    platforms: int = 0
    new_platforms: int = 0


def preview_of(job: ImportJob, actor: Actor) -> Preview:
    """Hold every row against the catalogue as it is now; a few queries for two hundred platforms."""
    preview = Preview()
    for start in range(0, len(job.rows), UNITS_AT_ONCE):
        units = job.rows[start : start + UNITS_AT_ONCE]
        plans, refused = plans_of(units, actor)
        known = {problem["row"] for unit in units for problem in unit["problems"]}
        preview.refused += [row for unit, refusal in refused for row in refused_rows(unit, refusal)]
        known |= {row for unit, _refusal in refused for row in unit["rows"]}
        preview.counts[FAILED] += len(known)
        for plan in plans:
            _count(preview, plan, known)
    preview.counts[SKIPPED] = job.total - sum(preview.counts.values())
    preview.rows.sort(key=lambda row: row.row)
    return preview


def _count(preview: Preview, plan: Plan, bad: set[int]) -> None:
    outcomes = {row: outcome for row, outcome in plan.outcomes().items() if row not in bad}
    preview.counts.update(outcomes.values())
    preview.platforms += 1
    preview.new_platforms += plan.is_new
    if len(preview.rows) >= FIRST_ROWS:
        return
    if not plan.row_of:
        names = "、".join(part.record["name"] for part in plan.parts[:3])
        preview.rows += [
            PreviewRow(row, plan.platform.name or plan.head.get("name", ""), names, outcome, [])
            for row, outcome in outcomes.items()
        ]
        return
    name = plan.platform.name or plan.head["name"]
    for part in plan.parts:
        row = plan.row_of.get(part.record["id"])
        if row in outcomes:
            preview.rows.append(PreviewRow(row, name, part.record["name"], outcomes[row], _changes(part)))


def _changes(part: Part) -> list[str]:
    """Which fields of a known capability would say something else."""
    if part.outcome == CREATED or part.old is None:
        return []
    old, new = given(part.old), given(part.record)
    changed = [name for name in new if old.get(name) != new[name]]
    return [label_of(name) for name in changed if name != "id" and not name.endswith("_text")]
