"""Reverse matching (反向匹配): a new or changed listing against every open need, at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.db import transaction
from django.db.models import Exists, OuterRef

from matching import catalogue
from matching.enums import UNANSWERED, MatchStatus
from matching.findings import Found
from matching.models import Match, ScoringRun
from matching.selectors import newest_run
from matching.zone_rules import rules_in_force
from platforms.models import Capability
from requests.enums import NeedStatus
from requests.models import Need
from requests.selectors import need_record
from zhongshi.core import outbox
from zhongshi.core.models import OutboxEvent

from .closing import withdraw_unanswered
from .locking import lock_need
from .proposing import approve_by_policy, propose_all, rank_matches, tell_office
from .scoring import KEPT_MATCHES
from .telling import tell_owner

NEEDS_AT_ONCE = 200
# Below the tasks' time limit: what is left of very many needs is handed on instead of being cut off.
SECONDS_AT_ONCE = 15.0


@dataclass(frozen=True, slots=True)
class _Change:
    """What one event is about: the platform's capabilities as they were written at `version`."""

    version: int
    capabilities: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the engine says of one revision of a need: the changed capabilities that violate no hard condition."""

    need_id: int
    revision: int
    found: list[Found]


def listing_match(*, event: OutboxEvent, platform_id: int, version: int, after: int = 0) -> None:
    """Hold a platform's changed capabilities against every open need with a primary key above `after`.

    Outbox handler; may run twice, late, or beside itself. A capability that changed once more has an event of its own,
    a need scored since the change has seen it, and a need not scored yet will; all are passed over. The engine runs
    outside any transaction, then each need that gains or loses something has one short transaction. After some seconds
    the needs that are left are owed anew.
    """
    assert event.lease_token is not None  # noqa: S101 - a claimed event has one
    changed = Capability.objects.filter(platform=platform_id, version=version)
    change = _Change(version, frozenset(changed.values_list("pk", flat=True)))
    rest = _match_some(change, after) if change.capabilities else 0
    with transaction.atomic(durable=True):
        if rest:
            key = f"{event.key.partition('>')[0]}>{rest}"
            outbox.emit("listing.unfinished", key=key, platform_id=platform_id, version=version, after=rest)
        outbox.finish(event.pk, event.lease_token)


def _match_some(change: _Change, after: int) -> int:
    """Go through open needs while there is time; the last one's primary key where some may be left, else 0."""
    deadline = time.monotonic() + SECONDS_AT_ONCE
    for batch in _batches(change, after):
        for answer in _answers(change, batch):
            _take_up(change, answer)
        if time.monotonic() >= deadline and len(batch) == NEEDS_AT_ONCE:
            return batch[-1].pk
    return 0


def _batches(change: _Change, after: int) -> Iterator[list[Need]]:
    """Open needs without a scoring that has seen the change."""
    seen = ScoringRun.objects.filter(
        need=OuterRef("pk"), revision=OuterRef("revision"), catalogue_version__gte=change.version
    )
    needs = (
        Need.objects.open()
        .filter(pk__gt=after)
        .exclude(Exists(seen))
        .select_related("zone")
        .prefetch_related("conditions")
    )
    rows = needs.order_by("pk").iterator(chunk_size=NEEDS_AT_ONCE)
    while batch := list(islice(rows, NEEDS_AT_ONCE)):
        yield batch


def _answers(change: _Change, needs: list[Need]) -> list[_Answer]:
    """Leave out the needs this change does nothing to; looked at without a lock, decided under it."""
    found = _found(change, needs)
    held: dict[int, list[Match]] = {need.pk: [] for need in needs}
    for match in Match.objects.filter(need__in=held):
        held[match.need_id].append(match)
    answers = [_Answer(need.pk, need.revision, found[need.pk]) for need in needs]
    return [
        answer
        for answer in answers
        if _worth(answer.found, held[answer.need_id]) or _unfit(change, answer, held[answer.need_id])
    ]


def _found(change: _Change, needs: list[Need]) -> dict[int, list[Found]]:
    """What the engine says of each need, under the rules of its zone."""
    zones = {need.zone_id: need.zone for need in needs}
    found: dict[int, list[Found]] = {}
    for zone in zones.values():
        records = {need.pk: need_record(need) for need in needs if need.zone_id == zone.pk}
        found |= catalogue.find_needs(change.capabilities, records, rules=rules_in_force(zone).weights)
    return found


def _worth(found: list[Found], held: list[Match]) -> list[Found]:
    """Keep what scoring the need anew would: what is among its best twenty, or a match already and judged otherwise.

    A match that stays as it is is not written again, so a second run goes on where the first one broke off.
    """
    living = {match.capability_id: match for match in held if match.status != MatchStatus.WITHDRAWN}
    scores = sorted((match.score for match in living.values()), reverse=True)
    floor = scores[KEPT_MATCHES - 1] if len(scores) >= KEPT_MATCHES else -1.0
    return [
        item
        for item in found
        if (_differs(item, living[item.capability_id]) if item.capability_id in living else item.score > floor)
    ]


def _differs(item: Found, match: Match) -> bool:
    return (item.score, item.components, item.verdicts) != (match.score, match.components, match.verdicts)


def _unfit(change: _Change, answer: _Answer, held: list[Match]) -> list[Match]:
    """Unanswered matches of a changed capability that is not listed any more or violates a hard condition now.

    One the zone's office nominated knowing its verdicts stays.
    """
    gone = change.capabilities - {item.capability_id for item in answer.found}
    open_ones = [match for match in held if match.capability_id in gone and match.status in UNANSWERED]
    return [match for match in open_ones if match.nominated_by_id is None]


def _take_up(change: _Change, answer: _Answer) -> None:
    with transaction.atomic(durable=True):
        need = lock_need(answer.need_id)
        if need.status != NeedStatus.OPEN or need.revision != answer.revision:
            return
        run = newest_run(need)
        # Not scored: it will be, and looks once more if the catalogue moved. Scored since: it has seen the change.
        if run is None or run.catalogue_version >= change.version:
            return
        held = list(
            Match.objects.select_for_update(of=("self",))
            .select_related("need__zone", "need__organization", "capability__platform__organization")
            .filter(need=need)
            .order_by("pk")
        )
        for match in _unfit(change, answer, held):
            withdraw_unanswered(match, "match.unfit")
            tell_owner(match, "match.gone", key=f":{change.version}")
        _open_up(change, need, run, _worth(answer.found, held), held)
        rank_matches(need)


def _open_up(change: _Change, need: Need, run: ScoringRun, worth: list[Found], held: list[Match]) -> None:
    known = {match.capability_id: match for match in held}
    living = {match.capability_id for match in held if match.status != MatchStatus.WITHDRAWN}
    matches = propose_all(need, run, worth, known)
    opened = [match for match in matches if match.capability_id not in living]
    for match in opened:
        tell_owner(match, "match.opened", key=f":{change.version}")
    approve_by_policy(need, matches, rules_in_force(need.zone).policy)
    # The office has been told of the others before.
    tell_office(need, opened, key=f"{run.revision}:{change.version}")
