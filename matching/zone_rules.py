"""Which rules are in force in a zone: the weights of the score, and the policy that hands matches to operators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Protocol

from matching import engine
from matching.models import RulesVersion
from zhongshi.accounts.models import Zone

LEAD_LIMIT = 100
"""Open leads an operator gets at most where the zone's office has saved no rules."""
_LONGEST_NUMBER = 9
WEIGHT_NAMES = tuple(engine.Rules().as_mapping())


class Judged(Protocol):
    """A match, or what the engine found before it is one."""

    @property
    def score(self) -> float: ...

    @property
    def verdicts(self) -> Sequence[Mapping[str, Any]]: ...


@dataclass(frozen=True, slots=True)
class Change:
    """One figure in which two versions differ."""

    name: str
    before: float
    after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """When a match becomes a lead without a person looking: from which score, and up to how many an operator."""

    approves_itself: bool
    approval_score: int
    lead_limit: int

    def approves(self, match: Judged) -> bool:
        """Whether no hard condition fails and the score is high enough; the operator's bound is another question."""
        fails = any(item["verdict"] == "fail" and item["hard"] for item in match.verdicts)
        return self.approves_itself and not fails and match.score >= self.approval_score


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneRules:
    """What ranks and approves in a zone. `saved` is None for the weights the engine brings along."""

    weights: engine.Rules
    policy: Policy
    saved: RulesVersion | None

    @property
    def name(self) -> str:
        """How pages and runs call it: r7, or the engine's own name."""
        return self.weights.version

    def figures(self) -> dict[str, float]:
        """Weights and policy as one flat row of numbers: what two versions differ in."""
        policy = {part.name: float(getattr(self.policy, part.name)) for part in fields(self.policy)}
        return {**self.weights.as_mapping(), **policy}


def changes(before: ZoneRules, after: ZoneRules) -> list[Change]:
    """In which figures `after` differs, in the order of the form."""
    known, figures = before.figures(), after.figures()
    return [Change(name, known[name], value) for name, value in figures.items() if value != known[name]]


def rules_in_force(zone: Zone) -> ZoneRules:
    """Return the zone's newest rules, else the installation's, else the engine's own. One query."""
    return rules_of(RulesVersion.objects.of_zone(zone).filter(is_active=True).first(), zone)


def rules_of(saved: RulesVersion | None, zone: Zone) -> ZoneRules:
    """Return a saved version as `zone` reads it; None stands for the engine's own."""
    return ZoneRules(weights=_weights(saved), policy=_policy(saved, zone), saved=saved)


def rules_named(name: str, zone: Zone) -> ZoneRules | None:
    """Return the rules a run or an address calls `name`, as far as they ever ranked in `zone`; else None."""
    if name == engine.Rules().version:
        return rules_of(None, zone)
    number = name.removeprefix("r")
    if not number.isascii() or not number.isdecimal() or len(number) > _LONGEST_NUMBER:
        return None
    saved = RulesVersion.objects.of_zone(zone).select_related("replaced", "created_by").filter(number=number).first()
    return rules_of(saved, zone) if saved else None


def installation_rules() -> engine.Rules:
    """Return the newest weights that belong to no zone, or the engine's own."""
    return _weights(RulesVersion.objects.filter(is_active=True, zone=None).first())


def _weights(saved: RulesVersion | None) -> engine.Rules:
    """Read saved weights. A name the engine has given up since is passed over, else every older version would break."""
    if saved is None:
        return engine.Rules()
    known = {name: value for name, value in saved.weights.items() if name in WEIGHT_NAMES}
    return engine.Rules.from_mapping(known, version=saved.name)


def _policy(saved: RulesVersion | None, zone: Zone) -> Policy:
    """Read the policy saved with the rules; before the first are saved it is the zone's own."""
    if saved is None or saved.approves_itself is None or saved.approval_score is None or saved.lead_limit is None:
        return Policy(approves_itself=zone.approves_itself, approval_score=zone.approval_score, lead_limit=LEAD_LIMIT)
    return Policy(
        approves_itself=saved.approves_itself, approval_score=saved.approval_score, lead_limit=saved.lead_limit
    )
