"""What somebody may read of a need: the one place that decides it, and the shape of what each stage holds.

Pages, API, exports, print and the administration site ask `stage_of`; whoever hands words out goes through
`requests.services.disclosing`, which decides at the moment of reading and writes the record first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.models import User
from zhongshi.vocabulary.enums import ConditionKind

from .enums import AgreementStatus, Medium, NeedStatus, Stage, Visibility
from .models import Agreement, Need
from .records import WINDOW_KEYS, condition_record
from .rules import owns

Record = Mapping[str, Any]
# What a condition says; its original words, their place in the text and unknown keys come with the full text.
_SAID = frozenset({"kind", "op", "hard", "quantity", "min", "max", "unit", "value", *WINDOW_KEYS})
_BUDGET_BOUNDS = (200_000.0, 500_000.0, 2_000_000.0, 10_000_000.0)
_YUAN = {"": 1.0, "CNY": 1.0, "元": 1.0, "万元": 1e4, "亿元": 1e8}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, by which way and from where. `actor` is None for somebody of no organization (the superuser)."""

    user: User
    actor: Actor | None
    medium: Medium
    address: str | None = None

    @classmethod
    def of(cls, actor: Actor, medium: Medium, address: str | None) -> Reader:
        """A person of an organization."""
        return cls(actor.user, actor, medium, address)


@dataclass(frozen=True, slots=True)
class Standing:
    """How an operator stands to a need: whether it has a lead that is alive, or had one, and whether it was chosen."""

    has_lead: bool = False
    is_alive: bool = False
    is_chosen: bool = False


NOBODY = Standing()


@dataclass(frozen=True, slots=True)
class Outline:
    """Stage 1: what was matched on. `budget_class` is the bounds in yuan between which the budget lies.

    The zone's office answers for the match and finds the budget itself among the conditions.
    """

    number: str
    revision: int
    region: str
    conditions: Sequence[Record]
    budget_class: tuple[float | None, float | None] | None

    @property
    def fields(self) -> list[str]:
        return ["conditions", "region", "budget_class"]

    @property
    def name(self) -> str:
        """How it is called where the title is not disclosed."""
        return confidential_name(self.number)


@dataclass(frozen=True, slots=True)
class FullText:
    """Stage 2: everything the enterprise wrote."""

    number: str
    revision: int
    region: str
    conditions: Sequence[Record]
    title: str
    text: str

    @property
    def fields(self) -> list[str]:
        return ["conditions", "region", "title", "text"]

    @property
    def name(self) -> str:
        return self.title


Disclosed = Outline | FullText


def stage_of(
    need: Need,
    actor: Actor | None,
    *,
    standing: Standing = NOBODY,
    agreement: Agreement | None = None,
    has_reason: bool = False,
) -> Stage:
    """How far this person may read the need now. `agreement` is the one the actor's organization signed, as it stands.

    The owner reads everything. The zone's office and the superuser (`actor` None) read a confidential need with a
    reason; an operator reads it with a lead that is alive and an agreement in force. Everybody else: nothing.
    """
    if actor is not None and owns(actor, need):
        return Stage.CONTACTS
    if actor is None or (actor.is_zone_admin and need.zone_id == actor.zone.pk and need.status != NeedStatus.DRAFT):
        return Stage.TEXT if has_reason or not is_confidential(need) else Stage.CONDITIONS
    if not standing.has_lead:
        return Stage.NOTHING
    if is_confidential(need):
        is_signed = agreement is not None and agreement.status == AgreementStatus.ACTIVE
        if not (is_signed and standing.is_alive):
            return Stage.CONDITIONS
    return Stage.CONTACTS if standing.is_chosen else Stage.TEXT


def is_confidential(need: Need) -> bool:
    """Whether reading the need takes an agreement, and is written down."""
    return need.visibility == Visibility.NDA


def shape_of(need: Need, stage: Stage, actor: Actor | None = None) -> Disclosed:
    """The need as that stage discloses it to this person."""
    records = [condition_record(row) for row in need.conditions.all()]
    if stage in {Stage.TEXT, Stage.CONTACTS}:
        return FullText(need.number, need.revision, need.region, records, need.title, need.text)
    outline = outlined if actor is not None and actor.role == Role.OPERATOR else unworded
    conditions = [outline(record) for record in records]
    return Outline(need.number, need.revision, need.region, conditions, budget_class(records))


def unworded(record: Record) -> Record:
    """A condition without its original words."""
    return {key: value for key, value in record.items() if key in _SAID} | {"text": ""}


def outlined(record: Record) -> Record:
    """A condition without its original words, and a budget only by its class."""
    said = dict(unworded(record))
    if record.get("kind") == ConditionKind.BUDGET:
        low, high = budget_class([record]) or (None, None)
        said |= {"min": low, "max": high, "unit": "CNY"}
    return said


def budget_class(records: Sequence[Record]) -> tuple[float | None, float | None] | None:
    """The bounds in yuan between which the stated budget lies; None where none is stated, or in another currency."""
    budget = next((record for record in records if record.get("kind") == ConditionKind.BUDGET), None)
    rate = _YUAN.get(str(budget.get("unit") or "")) if budget else None
    bounds = [float(budget[key]) for key in ("max", "min") if budget.get(key) is not None] if budget else []
    if rate is None or not bounds:
        return None
    amount = bounds[0] * rate
    low = max((bound for bound in _BUDGET_BOUNDS if bound <= amount), default=None)
    high = min((bound for bound in _BUDGET_BOUNDS if bound > amount), default=None)
    return low, high


def confidential_name(number: str) -> str:
    """How a need is called by those who may not read its title."""
    return _("Confidential need %(number)s") % {"number": number}


def listed_name(need: Need) -> str:
    """How lists, notices and mails call a need for anybody but its owner: the title of a confidential one in none."""
    return confidential_name(need.number) if is_confidential(need) else need.title


def notice_title(need: Need) -> str:
    """What stands for the title in notices and mails: they leave the house, so it is the number, to the owner too."""
    return need.number if is_confidential(need) else need.title


def notice_words(need: Need, words: str) -> str:
    """What was written about a need as a notice may carry it: of a confidential one nothing, in any language."""
    return "…" if is_confidential(need) else words
