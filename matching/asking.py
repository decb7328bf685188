"""What a lead leaves open: each condition without a verdict as a question its operator can answer in one line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from matching.models import Match
from platforms.enums import FactSource
from platforms.models import Fact
from platforms.services.answering import Answer
from requests.models import NeedRevision
from requests.records import condition_record
from zhongshi.vocabulary.enums import ConditionKind
from zhongshi.vocabulary.labels import ConditionLabel, condition_label, value_label
from zhongshi.vocabulary.lexicons import current_lexicon

Record = Mapping[str, Any]
_VALUED = frozenset({"chain", "stage", "service", "process", "material", "qualification", "hazard"})
_TIMES = frozenset({"window", "start_by", "duration"})


class Way(StrEnum):
    """How a question is answered."""

    CHOICE = "choice"
    RANGE = "range"
    CALENDAR = "calendar"
    PLACE = "place"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value a condition would be content with."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A condition (by its index) the listing says nothing of; `given` are answers not scored yet."""

    index: int
    condition: Record
    is_hard: bool
    way: Way
    choices: Sequence[Choice]
    given: Sequence[Fact]

    @property
    def label(self) -> ConditionLabel:
        return condition_label(self.condition)

    @property
    def yes(self) -> list[Fact]:
        return [fact for fact in self.given if not fact.is_negated]

    def answered(self, chosen: str) -> list[Answer]:
        """The facts that follow from `chosen`: a value of the choices, or "no" to all of them. KeyError for others."""
        kind = str(self.condition["kind"])
        if chosen == "no":
            return [Answer(kind=kind, value=choice.value, is_negated=True) for choice in self.choices]
        known = {choice.value: choice for choice in self.choices}
        return [Answer(kind=kind, value=known[chosen].value)]


def conditions_of_match(match: Match) -> list[Record]:
    """The conditions of the revision the match was scored for, in order, as exchange records."""
    need = match.need
    if match.run.revision == need.revision:
        return [condition_record(row) for row in need.conditions.all()]
    kept = NeedRevision.objects.filter(need=need, number=match.run.revision).first()
    return list(kept.conditions) if kept else []


def open_questions(match: Match, conditions: Sequence[Record], facts: Iterable[Fact]) -> list[OpenQuestion]:
    """The conditions without a verdict, in the need's order; `facts` are the capability's."""
    answers = [fact for fact in facts if fact.source == FactSource.ANSWERED]
    asked = []
    for line in match.verdicts:
        index = line["condition"]
        if line["verdict"] == "unknown" and isinstance(index, int) and index < len(conditions):
            asked.append(_question(index, conditions[index], bool(line["hard"]), answers))
    return asked


def _question(index: int, condition: Record, is_hard: bool, answers: Sequence[Fact]) -> OpenQuestion:
    kind, way = str(condition["kind"]), _way(condition)
    choices = _choices(kind, condition.get("value")) if way == Way.CHOICE else []
    values = {choice.value for choice in choices}
    given = [fact for fact in answers if fact.kind == kind and _is_about(fact, condition, values)]
    return OpenQuestion(index, condition, is_hard, way, choices, given)


def _way(condition: Record) -> Way:
    kind = condition["kind"]
    if kind in _VALUED and condition.get("value"):
        return Way.CHOICE
    if kind == ConditionKind.PARAMETER and condition.get("quantity"):
        return Way.RANGE
    if kind in _TIMES:
        return Way.CALENDAR
    return Way.PLACE if kind == ConditionKind.REGION else Way.QUOTE


def _choices(kind: str, value: Any) -> list[Choice]:
    lexicon = current_lexicon()
    values = value if isinstance(value, list) else [value]
    names = dict.fromkeys(lexicon.canonical(kind, str(one)) or str(one) for one in values if one)
    return [Choice(name, value_label(kind, name)) for name in names]


def _is_about(fact: Fact, condition: Record, values: set[str]) -> bool:
    return fact.value in values if values else bool(fact.quantity) and fact.quantity == condition.get("quantity")
