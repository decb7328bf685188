"""Before new rules are saved: the zone's last needs ranked under the old and the new, side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matching import catalogue
from matching.exposure import operators_of
from matching.findings import Found
from matching.zone_rules import Policy, ZoneRules
from platforms.models import Capability
from requests.models import Need
from requests.selectors import need_record
from zhongshi.accounts.actors import Actor

NEEDS = 50
TOP = 5
RANKED = 20
"""How far down places are known: as many matches as a scoring keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A capability's place under one set of rules; `other_*` under the other set, None beyond the first twenty."""

    capability: Capability
    rank: int
    score: float
    other_rank: int | None
    other_score: float | None

    @property
    def moved(self) -> int:
        """Places won against the other rules; lost ones are negative."""
        return 0 if self.other_rank is None else self.other_rank - self.rank

    @property
    def gained(self) -> float | None:
        """Points won against the other rules."""
        return None if self.other_score is None else round(self.score - self.other_score, 1)

    @property
    def is_only_here(self) -> bool:
        """Whether the other rules place it outside the first five."""
        return self.other_rank is None or self.other_rank > TOP


@dataclass(frozen=True, slots=True)
class Compared:
    """One need's first five, before and after."""

    need: Need
    before: Sequence[Place]
    after: Sequence[Place]

    @property
    def has_other_first(self) -> bool:
        return _at(self.before, 0) != _at(self.after, 0)

    @property
    def places(self) -> int:
        return max(len(self.before), len(self.after))

    @property
    def changed_places(self) -> int:
        """How many of the first five places another capability has."""
        return sum(_at(self.before, index) != _at(self.after, index) for index in range(self.places))

    @property
    def stayed(self) -> int:
        """How many of the first five are among the first five still."""
        return len({place.capability for place in self.before} & {place.capability for place in self.after})


@dataclass(frozen=True, slots=True)
class Effect:
    """What the policy would do with the matches of these needs, if all came at once and nobody had answered."""

    passing: int
    held_back: int


@dataclass(frozen=True, slots=True)
class Preview:
    """The last needs compared, those that change most first, and what the policy makes of them."""

    needs: Sequence[Compared]
    before: Effect
    after: Effect

    @property
    def other_first(self) -> int:
        return sum(need.has_other_first for need in self.needs)

    @property
    def places(self) -> int:
        return sum(need.places for need in self.needs)

    @property
    def changed_places(self) -> int:
        return sum(need.changed_places for need in self.needs)

    @property
    def overlap(self) -> float:
        """Share of the first fives that stay among them, 0..1; 1 where nothing was ranked."""
        places = sum(len(need.before) for need in self.needs)
        return sum(need.stayed for need in self.needs) / places if places else 1.0

    @property
    def changed(self) -> list[Compared]:
        return [need for need in self.needs if need.changed_places]

    @property
    def unchanged(self) -> list[Compared]:
        return [need for need in self.needs if not need.changed_places]


def preview_rules(actor: Actor, before: ZoneRules, after: ZoneRules) -> Preview:
    """Rank the last fifty needs this office sees under both; stores nothing, and costs a few queries in all."""
    needs = list(Need.objects.visible_to(actor).prefetch_related("conditions").order_by("-pk")[:NEEDS])
    records = [need_record(need) for need in needs]
    ranked = catalogue.rank_under(records, [before.weights, after.weights], limit=RANKED)
    old, new = [pair[0] for pair in ranked], [pair[1] for pair in ranked]
    rows = _capabilities([*old, *new])
    compared = [
        Compared(need, _places(found, other, rows), _places(other, found, rows))
        for need, found, other in zip(needs, old, new, strict=True)
    ]
    compared.sort(key=lambda item: (-item.has_other_first, -item.changed_places))
    operators = operators_of({item.capability_id for found in [*old, *new] for item in found})
    return Preview(compared, _effect(old, before.policy, operators), _effect(new, after.policy, operators))


def _capabilities(rankings: Sequence[Sequence[Found]]) -> dict[int, Capability]:
    shown = {item.capability_id for found in rankings for item in found[:TOP]}
    return Capability.objects.select_related("platform").in_bulk(shown)


def _places(found: Sequence[Found], other: Sequence[Found], rows: Mapping[int, Capability]) -> list[Place]:
    others = {item.capability_id: item for item in other}
    places = []
    for item in found[:TOP]:
        twin = others.get(item.capability_id)
        place = Place(
            capability=rows[item.capability_id],
            rank=item.rank,
            score=item.score,
            other_rank=twin.rank if twin else None,
            other_score=twin.score if twin else None,
        )
        places.append(place)
    return places


def _effect(rankings: Sequence[Sequence[Found]], policy: Policy, operators: Mapping[int, int]) -> Effect:
    passing = [item.capability_id for found in rankings for item in found if policy.approves(item)]
    leads = Counter(operators[capability] for capability in passing if capability in operators)
    return Effect(len(passing), sum(max(0, count - policy.lead_limit) for count in leads.values()))


def _at(places: Sequence[Place], index: int) -> Capability | None:
    return places[index].capability if index < len(places) else None
