"""Matches as pages show them: every verdict beside the condition it judges, with its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils import timezone

from matching.enums import MatchStatus
from matching.models import Match, Question, Quote
from requests.models import Condition, Need, NeedRevision
from requests.records import condition_record
from zhongshi.vocabulary.labels import ConditionLabel, condition_label, value_label

Record = Mapping[str, Any]
_Revision = tuple[int, int]
REASONS = 3


@dataclass(frozen=True, slots=True)
class Judged:
    """One line of the verdict table; `ability` is the evidence in words."""

    condition: Record
    label: ConditionLabel
    verdict: str
    is_hard: bool
    evidence: Record
    ability: str

    @property
    def is_hard_fail(self) -> bool:
        return self.is_hard and self.verdict == "fail"

    @property
    def mark(self) -> str:
        """Which square stands before it."""
        return "must" if self.is_hard else "should"


@dataclass(frozen=True)
class Card:
    """A match with its verdict table; what is read off it is worked out once."""

    match: Match
    judged: Sequence[Judged]

    @cached_property
    def met(self) -> list[Judged]:
        return [line for line in self.judged if line.verdict == "pass"]

    @cached_property
    def reasons(self) -> list[Judged]:
        """The strongest: what is a must and has evidence comes first."""
        return sorted(self.met, key=lambda line: (not line.is_hard, not line.ability))[:REASONS]

    @cached_property
    def failed(self) -> list[Judged]:
        return [line for line in self.judged if line.verdict == "fail"]

    @cached_property
    def negotiable(self) -> list[Judged]:
        """Wishes that are not met."""
        return [line for line in self.failed if not line.is_hard]

    @cached_property
    def open(self) -> list[Judged]:
        """What nobody has stated yet: a question, never a refusal."""
        return [line for line in self.judged if line.verdict == "unknown"]

    @cached_property
    def hard_fails(self) -> list[Judged]:
        return [line for line in self.judged if line.is_hard_fail]

    @property
    def stated_share(self) -> int:
        """Of the need's conditions, how many per cent the listing says anything about."""
        return round(100 * (len(self.judged) - len(self.open)) / len(self.judged)) if self.judged else 0

    @cached_property
    def quote(self) -> Quote | None:
        """The newest offer; it is the one that counts."""
        return next(iter(self.match.quotes.all()), None)

    @property
    def has_standing_quote(self) -> bool:
        """Whether there is an offer that has not run out."""
        return self.quote is not None and self.quote.valid_until >= timezone.localdate()

    @property
    def is_waiting_for_owner(self) -> bool:
        """Whether the operator has answered or asked, so that the enterprise is next."""
        is_asked = any(question.answered_at is None for question in self.questions)
        return is_asked or self.match.status in {MatchStatus.ACCEPTED, MatchStatus.QUOTED}

    @property
    def is_turned_down(self) -> bool:
        """Whether the enterprise itself said that it does not fit."""
        return hasattr(self.match, "dismissal")

    @property
    def inquired_at(self) -> datetime | None:
        """When the enterprise asked for an offer that the zone's office still has to hand on."""
        return self.match.inquiry.asked_at if hasattr(self.match, "inquiry") else None

    @cached_property
    def questions(self) -> list[Question]:
        return list(self.match.questions.all())


@dataclass(frozen=True, slots=True)
class Stated:
    """What a card's foot adds from the listing: price a week in yuan, earliest free day, km; None is not known."""

    weekly_price: float | None
    start: date | None
    km: float | None


def cards_of(matches: Iterable[Match], *, need: Need | None = None) -> list[Card]:
    """Cards in the given order. Conditions are those of the revision each match was scored for.

    Where all are of one `need` whose conditions are at hand, those are not read again.
    """
    rows = list(matches)
    conditions = _conditions_by_revision(rows, need)
    labels = {key: [condition_label(record) for record in records] for key, records in conditions.items()}
    return [
        Card(row, _judged(row, conditions.get(key, []), labels.get(key, [])))
        for row in rows
        if (key := (row.need_id, row.run.revision))
    ]


def conditions_of(need: Need) -> list[Record]:
    """The need's present conditions in the exchange format."""
    return [condition_record(row) for row in need.conditions.all()]


def _conditions_by_revision(matches: Sequence[Match], need: Need | None) -> dict[_Revision, list[Record]]:
    wanted = {(match.need_id, match.run.revision) for match in matches}
    present = wanted & {(match.need_id, match.need.revision) for match in matches}
    found: dict[_Revision, list[Record]] = {key: [] for key in present}
    numbers = dict(present)
    if need and set(numbers) == {need.pk}:
        found[need.pk, numbers[need.pk]] = conditions_of(need)
    elif numbers:
        for row in Condition.objects.filter(need_id__in=numbers).order_by("need_id", "position"):
            found[row.need_id, numbers[row.need_id]].append(condition_record(row))
    older = wanted - present
    if older:
        needs, revisions = {key[0] for key in older}, {key[1] for key in older}
        kept = NeedRevision.objects.filter(need_id__in=needs, number__in=revisions)
        found |= {key: row.conditions for row in kept if (key := (row.need_id, row.number)) in older}
    return found


def _judged(match: Match, conditions: Sequence[Record], labels: Sequence[ConditionLabel]) -> list[Judged]:
    return [_line(item, conditions, labels) for item in match.verdicts]


def _line(item: Record, conditions: Sequence[Record], labels: Sequence[ConditionLabel]) -> Judged:
    index, evidence = item["condition"], item.get("evidence") or {}
    if isinstance(index, int) and index < len(conditions):
        known, label = conditions[index], labels[index]
    else:
        known = {"kind": item["kind"]}
        label = condition_label(known)
    ability = value_label(str(known["kind"]), evidence["text"]) if evidence.get("text") else ""
    return Judged(known, label, item["verdict"], bool(item["hard"]), evidence, ability)
