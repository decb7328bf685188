"""An operator's answer about its own line becomes a fact of the listing: with its date and who gave it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from platforms.enums import FactKind, FactSource
from platforms.models import Capability, Fact, Platform
from platforms.records import parameter_problems
from platforms.rules import runs
from zhongshi.accounts.actors import Actor
from zhongshi.core.audit import record
from zhongshi.core.errors import InvalidInput, NotAllowed
from zhongshi.vocabulary.labels import range_label

from .listings import touch


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Yes or no to a value, or a range of a quantity (a bound left out is open)."""

    kind: str
    value: str = ""
    quantity: str = ""
    low: float | None = None
    high: float | None = None
    unit: str = ""
    is_negated: bool = False


def facts_answer(*, actor: Actor, capability: Capability, answers: list[Answer]) -> list[Fact]:
    """Store the answers as facts, in place of earlier ones to the same; in the caller's transaction.

    The listing counts as changed, so open needs are matched anew. Raises NotAllowed for another's listing and
    InvalidInput naming the field of a range that cannot be stored.
    """
    if not runs(actor, capability.platform):
        raise NotAllowed
    for answer in answers:
        _check(answer)
    # The race: an import or an editor writing the same listing. Whoever holds the platform's row goes first.
    platform = Platform.objects.select_for_update(of=("self",)).get(pk=capability.platform_id)
    facts = [_store(actor, capability, answer) for answer in answers]
    touch(platform)
    return facts


def _check(answer: Answer) -> None:
    if answer.kind != FactKind.PARAMETER:
        return
    if answer.low is None and answer.high is None:
        raise InvalidInput(errors={"low": [_("Give at least one bound.")]})
    bounds = {"quantity": answer.quantity, "min": answer.low, "max": answer.high, "unit": answer.unit}
    if problems := parameter_problems(bounds):
        names = {"min": "low", "max": "high"}
        raise InvalidInput(errors={names.get(name, name): texts for name, texts in problems.items()})


def _store(actor: Actor, capability: Capability, answer: Answer) -> Fact:
    same = capability.facts.filter(source=FactSource.ANSWERED, kind=answer.kind)
    same.filter(value=answer.value, quantity=answer.quantity).delete()
    shown = range_label(answer.low, answer.high, answer.unit) if answer.quantity else answer.value
    fact = Fact.objects.create(
        capability=capability,
        **asdict(answer),
        text=shown,
        source=FactSource.ANSWERED,
        source_date=timezone.localdate().isoformat(),
        confirmed_at=timezone.now(),
        confirmed_by=actor.user,
        position=capability.facts.count(),
    )
    record("fact_answered", capability, actor=actor.user, zone_code=actor.zone.code, detail=asdict(answer))
    return fact
