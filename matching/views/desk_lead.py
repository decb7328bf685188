"""One lead as the desk shows it: facts, what is open, a slot that would fit, and what can be answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from matching.asking import open_questions
from matching.disclosure import LeadReading
from matching.enums import IN_TALKS, MatchStatus
from matching.forms import AskForm, DeclineForm, QuoteForm, RangeForm, SignForm, usual_lines
from matching.models import Match
from matching.rules import may_sign
from matching.selectors import lead_record
from matching.services.reading import lead_read
from matching.translation import condition_from_exchange
from platforms.desk.grid import SHOWN_WEEKS, Row, grid_of, lines_of, weeks_from, with_suggestion
from requests.disclosure import Reader, outlined
from zhongshi.accounts.actors import Actor
from zhongshi.vocabulary.labels import condition_label
from zhongshi.vocabulary.lexicons import current_lexicon

from .cards import Card, Judged, cards_of

SHOWN = 6
_AHEAD = timedelta(weeks=104)
_SCALES = ("volume", "mass_per_batch", "throughput_mass", "throughput_annual", "count", "area", "wafer_size")
ANSWERS = ("quote", "ask", "decline")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a lead asks under one heading (工艺), with the lines of the verdict table behind it."""

    name: str
    lines: Sequence[Judged]


@dataclass(frozen=True, slots=True)
class Slots:
    """Some weeks of the line and its devices; the run the need asks for is marked where there is one."""

    rows: Sequence[Row]
    length: int

    @property
    def start(self) -> date | None:
        return next((cell.week for row in self.rows for cell in row.cells if cell.is_suggested), None)

    @property
    def is_stated(self) -> bool:
        return any(cell.state for row in self.rows for cell in row.cells)


def lead_context(
    reader: Reader, actor: Actor, match: Match, *, opened: str, forms: Mapping[str, Any]
) -> dict[str, Any]:
    """Everything the right side of the inbox shows of a lead; `forms` are those that were refused."""
    reading = lead_read(reader=reader, match=match)
    card = _as_disclosed(cards_of([match])[0], reading)
    conditions = [line.condition for line in card.judged]
    grid = _grid(actor, match, conditions) if MatchStatus(match.status) in IN_TALKS else None
    return {
        "match": match,
        "card": card,
        "lead": lead_record(match, reading),
        "lead_name": reading.need.name,
        "reading": reading,
        "may_sign": may_sign(actor),
        "sign": forms.get("sign") or SignForm(initial={"digest": reading.to_sign.digest if reading.to_sign else ""}),
        "asked": _by_name(card),
        "open": open_questions(match, _indexed(card), match.capability.facts.all()),
        "grid": grid,
        "may": _possible(match),
        "opened": next((name for name in forms if name in ANSWERS), opened),
        "quote": forms.get("quote") or QuoteForm(initial={"start": grid.start if grid else None}),
        "lines": forms.get("lines") or usual_lines(),
        "ask": forms.get("ask") or AskForm(),
        "decline": forms.get("decline") or DeclineForm(),
        "confirm": forms.get("confirm") or RangeForm(),
        "confirmed": forms["confirm"].data.get("condition", "") if "confirm" in forms else "",
    }


def _as_disclosed(card: Card, reading: LeadReading) -> Card:
    """The card without what the stage keeps back: original words, and the budget beyond its class."""
    if reading.full:
        return card
    lines = [(line, outlined(line.condition)) for line in card.judged]
    judged = [replace(line, condition=record, label=condition_label(record)) for line, record in lines]
    return Card(card.match, judged)


def scale_of(match: Match) -> str:
    """The size a lead asks for in a few words: 300–500 L, 60 kg."""
    sized = [row for row in match.need.conditions.all() if row.quantity in _SCALES]
    ordered = sorted(sized, key=lambda row: _SCALES.index(row.quantity))
    records = [
        {"kind": row.kind, "quantity": row.quantity, "min": row.low, "max": row.high, "unit": row.unit}
        for row in ordered
    ]
    return " · ".join(condition_label(record).value for record in records[:2])


def _by_name(card: Card) -> list[Asked]:
    groups: dict[str, list[Judged]] = {}
    for line in card.judged:
        groups.setdefault(condition_label(line.condition).name, []).append(line)
    return [Asked(name, lines) for name, lines in groups.items()]


def _indexed(card: Card) -> list[Mapping[str, Any]]:
    """The conditions at the places the verdicts name."""
    found = {item["condition"]: line.condition for item, line in zip(card.match.verdicts, card.judged, strict=True)}
    return [found.get(n, {"kind": ""}) for n in range(max(found, default=-1) + 1)]


def _possible(match: Match) -> dict[str, bool]:
    targets = Match.TRANSITIONS[match.status]
    return {
        "accept": MatchStatus.ACCEPTED in targets,
        "quote": MatchStatus.QUOTED in targets,
        "decline": MatchStatus.DECLINED in targets,
        "ask": match.status in IN_TALKS,
    }


def _grid(actor: Actor, match: Match, conditions: Sequence[Mapping[str, Any]]) -> Slots:
    """Six weeks of the line and its devices, from those on in which the need's run could begin."""
    length, earliest, latest = _wanted(conditions)
    # The first whole week: what is left of a running one is no slot.
    weeks = weeks_from(earliest + timedelta(days=6), SHOWN_WEEKS)
    lines = lines_of(actor, weeks, only=match.capability_id)
    rows = with_suggestion(grid_of(lines, weeks), weeks_needed=length, latest=latest)
    first = next((n for row in rows for n, cell in enumerate(row.cells) if cell.is_suggested), 0)
    start = max(0, min(first - 1, SHOWN_WEEKS - SHOWN))
    return Slots([Row(row.unit, row.cells[start : start + SHOWN]) for row in rows], length)


def _wanted(conditions: Sequence[Mapping[str, Any]]) -> tuple[int, date, date | None]:
    """How many weeks in a row the need asks for, from which day on and beginning until when."""
    today, days, latest = timezone.localdate(), 1, None
    earliest = today
    for record in conditions:
        if record.get("kind") not in {"duration", "window", "start_by"}:
            continue
        condition = condition_from_exchange(record, current_lexicon(), today=today, is_now=True)
        if condition.window:
            days = max(days, condition.window.days)
            earliest = max(earliest, date.fromordinal(condition.window.earliest))
            latest = date.fromordinal(condition.window.latest)
        elif condition.dimension == "DUR":
            days = max(days, int(condition.low or condition.high or 1))
    return min(-(-days // 7), SHOWN_WEEKS), min(earliest, today + _AHEAD), latest
