"""Rules in the administrator's hands: saved under a number, never changed, and owed to every open need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching import engine
from matching.models import RulesVersion
from matching.rules import may_set_rules
from matching.zone_rules import Policy, ZoneRules, changes, rules_in_force
from zhongshi.accounts.actors import Actor
from zhongshi.core import locks
from zhongshi.core.audit import record
from zhongshi.core.errors import InvalidInput, NotAllowed, StaleTransition

from .rescoring import emit_rescoring


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesInput:
    """What an administrator enters: every weight by its name, the policy, and why."""

    weights: Mapping[str, float]
    policy: Policy
    note: str

    def as_rules(self) -> ZoneRules:
        """Return them as rules that are not saved. Raises InvalidInput for names or numbers the engine refuses."""
        try:
            weights = engine.Rules.from_mapping(self.weights, version="")
        except ValueError as error:
            raise InvalidInput(errors={"weights": [str(error)]}) from error
        return ZoneRules(weights=weights, policy=self.policy, saved=None)


class RulesReplaced(StaleTransition):
    """Somebody saved other rules after the author had looked. `now` are those."""

    default_detail = gettext_lazy("Somebody else has saved other rules in the meantime. Nothing was saved.")

    def __init__(self, now: ZoneRules) -> None:
        self.now = now
        super().__init__()


def rules_save(*, actor: Actor, entered: RulesInput, replaces: str) -> RulesVersion:
    """Save the next rules of the actor's zone; its open needs are scored again from the outbox.

    `replaces` names the rules the author compared with. Raises NotAllowed for anybody but the zone's office,
    InvalidInput for figures that rank nothing or change nothing, RulesReplaced where other rules are in force by now.
    """
    if not may_set_rules(actor):
        raise NotAllowed
    with transaction.atomic(durable=True):
        # The race: two administrators preview against r6, and the second would undo the first without having seen
        # it. The lock makes the second wait; then it finds r7 in force. It also gives each number once.
        locks.hold("rules")
        before = rules_in_force(actor.zone)
        if before.name != replaces:
            raise RulesReplaced(before)
        _check(before, entered)
        saved = _insert(actor, entered, before)
        record(
            "rules_saved",
            saved,
            actor=actor.user,
            note=entered.note,
            zone_code=actor.zone.code,
            detail=_trail(before, entered),
        )
        emit_rescoring(saved)
    return saved


def next_name() -> str:
    """What the next version will be called, unless another zone's office is faster."""
    return f"r{_next_number()}"


def _next_number() -> int:
    last: int | None = RulesVersion.objects.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _check(before: ZoneRules, entered: RulesInput) -> None:
    policy = entered.policy
    if not 0 <= policy.approval_score <= 100 or policy.lead_limit < 1:
        raise InvalidInput
    if not changes(before, entered.as_rules()):
        raise InvalidInput(_("These are the rules in force; nothing has changed."))


def _insert(actor: Actor, entered: RulesInput, before: ZoneRules) -> RulesVersion:
    return RulesVersion.objects.create(
        number=_next_number(),
        zone=actor.zone,
        weights=dict(entered.weights),
        **asdict(entered.policy),
        replaced=before.saved,
        note=entered.note,
        created_by=actor.user,
    )


def _trail(before: ZoneRules, entered: RulesInput) -> dict[str, object]:
    found = changes(before, entered.as_rules())
    return {"replaced": before.name, "changes": {part.name: [part.before, part.after] for part in found}}
