"""Matches as pages show them: every verdict beside the condition it judges, with its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matching.enums import MatchStatus
from matching.models import Match, Question, Quote
from requests.models import Condition, Need, NeedRevision
from requests.records import condition_record

Record = Mapping[str, Any]
_Revision = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Judged:
    """One line of the verdict table."""

    condition: Record
    verdict: str
    is_hard: bool
    evidence: Record

    @property
    def is_hard_fail(self) -> bool:
        return self.is_hard and self.verdict == "fail"


@dataclass(frozen=True, slots=True)
class Card:
    """A match with its verdict table."""

    match: Match
    judged: Sequence[Judged]

    @property
    def met(self) -> list[Judged]:
        return [line for line in self.judged if line.verdict == "pass"]

    @property
    def failed(self) -> list[Judged]:
        return [line for line in self.judged if line.verdict == "fail"]

    @property
    def open(self) -> list[Judged]:
        """What nobody has stated yet: a question, never a refusal."""
        return [line for line in self.judged if line.verdict == "unknown"]

    @property
    def hard_fails(self) -> list[Judged]:
        return [line for line in self.judged if line.is_hard_fail]

    @property
    def quote(self) -> Quote | None:
        """The newest offer; it is the one that counts."""
        return next(iter(self.match.quotes.all()), None)

    @property
    def is_waiting_for_owner(self) -> bool:
        """Whether the operator has answered or asked, so that the enterprise is next."""
        is_asked = any(question.answered_at is None for question in self.questions)
        return is_asked or self.match.status in {MatchStatus.ACCEPTED, MatchStatus.QUOTED}

    @property
    def questions(self) -> list[Question]:
        return list(self.match.questions.all())


def cards_of(matches: Iterable[Match]) -> list[Card]:
    """Cards in the given order. Conditions are those of the revision each match was scored for."""
    rows = list(matches)
    conditions = _conditions_by_revision(rows)
    return [Card(row, _judged(row, conditions.get((row.need_id, row.run.revision), []))) for row in rows]


def conditions_of(need: Need) -> list[Record]:
    """The need's present conditions in the exchange format."""
    return [condition_record(row) for row in need.conditions.all()]


def _conditions_by_revision(matches: Sequence[Match]) -> dict[_Revision, list[Record]]:
    wanted = {(match.need_id, match.run.revision) for match in matches}
    present = wanted & {(match.need_id, match.need.revision) for match in matches}
    found: dict[_Revision, list[Record]] = {key: [] for key in present}
    numbers = dict(present)
    for row in Condition.objects.filter(need_id__in=numbers).order_by("need_id", "position"):
        found[row.need_id, numbers[row.need_id]].append(condition_record(row))
    older = wanted - present
    if older:
        needs, revisions = {key[0] for key in older}, {key[1] for key in older}
        kept = NeedRevision.objects.filter(need_id__in=needs, number__in=revisions)
        found |= {key: row.conditions for row in kept if (key := (row.need_id, row.number)) in older}
    return found


def _judged(match: Match, conditions: Sequence[Record]) -> list[Judged]:
    return [_line(item, conditions) for item in match.verdicts]


def _line(item: Record, conditions: Sequence[Record]) -> Judged:
    index = item["condition"]
    known = conditions[index] if isinstance(index, int) and index < len(conditions) else {"kind": item["kind"]}
    return Judged(known, item["verdict"], bool(item["hard"]), item.get("evidence") or {})
