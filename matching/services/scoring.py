"""A need is scored: the engine outside any transaction, then one short transaction with everything it found."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from matching import catalogue
from matching.enums import UNANSWERED, MatchStatus
from matching.findings import Findings, Found
from matching.models import Match, ScoringRun
from matching.selectors import newest_run
from matching.zone_rules import ZoneRules, rules_in_force
from platforms.models import Capability
from platforms.selectors import catalogue_version
from requests.disclosure import notice_title
from requests.enums import NeedStatus
from requests.models import Need
from requests.selectors import need_record
from zhongshi.accounts.actors import members_of
from zhongshi.accounts.enums import Role
from zhongshi.core import notifications, outbox
from zhongshi.core.models import OutboxEvent

from .closing import withdraw_unanswered
from .locking import lock_need
from .proposing import approve_by_policy, propose_all, rank_matches, tell_office

KEPT_MATCHES = 20


@dataclass(frozen=True, slots=True)
class _Scored:
    record: dict[str, Any]
    findings: Findings
    digest: str
    milliseconds: float


def need_score(*, event: OutboxEvent, need_id: int, revision: int) -> None:
    """Score one revision of a need and propose its matches. Outbox handler; may run twice, late, or beside itself.

    Nothing is written if the need was edited or closed meanwhile: its newer revision has its own event.
    """
    assert event.lease_token is not None  # noqa: S101 - a claimed event has one
    seen = Need.objects.select_related("zone").get(pk=need_id)
    scored = _score(seen, rules_in_force(seen.zone))
    with transaction.atomic(durable=True):
        need = lock_need(need_id)
        if need.status == NeedStatus.OPEN and need.revision == revision:
            _write(need, scored)
            _tell(need, len(scored.findings.found))
            _catch_up(need, scored.findings)
        outbox.finish(event.pk, event.lease_token)


def need_rescore(need: Need, rules: ZoneRules) -> None:
    """Score a need's present revision again under rules saved since; its own transaction, may run twice.

    What an operator has in hand stays there with its new score, however far it falls. A need that was edited, closed
    or never scored is left alone: it has an event of its own, or needs none.
    """
    scored = _score(need, rules)
    with transaction.atomic(durable=True):
        held = lock_need(need.pk)
        run = newest_run(held)
        if held.status != NeedStatus.OPEN or held.revision != need.revision or run is None:
            return
        if run.rules_version != rules.name:
            _write(held, scored, kept=_in_hand(held, scored, rules))
            rank_matches(held)
            _catch_up(held, scored.findings)


def _in_hand(need: Need, scored: _Scored, rules: ZoneRules) -> list[Found]:
    """What the engine says under these rules of the matches that passed review, beyond the best twenty."""
    rows = Match.objects.filter(need=need).exclude(status__in=[MatchStatus.PROPOSED, MatchStatus.WITHDRAWN])
    beyond = set(rows.values_list("capability_id", flat=True)) - {item.capability_id for item in scored.findings.found}
    return catalogue.find_needs(beyond, {need.pk: scored.record}, rules=rules.weights)[need.pk]


def _score(need: Need, rules: ZoneRules) -> _Scored:
    record = need_record(need)
    started = time.perf_counter()
    findings = catalogue.find(record, limit=KEPT_MATCHES, rules=rules.weights)
    elapsed = (time.perf_counter() - started) * 1000
    digest = hashlib.sha256(json.dumps(record, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    return _Scored(record, findings, digest, elapsed)


def _write(need: Need, scored: _Scored, kept: Sequence[Found] = ()) -> None:
    """Keep the run and its matches; those in `kept` stay as well, though they are not among the best."""
    findings = scored.findings
    run, _ = ScoringRun.objects.update_or_create(
        need=need,
        revision=need.revision,
        defaults={
            "rules_version": findings.rules_version,
            "engine_version": findings.engine_version,
            "catalogue_version": findings.catalogue_version,
            "input_digest": scored.digest,
            "duration_ms": scored.milliseconds,
            "candidates": findings.candidates,
            "funnel": findings.funnel,
            "excluded": findings.excluded,
            "relaxations": findings.relaxations,
            "routes": _public_routes(findings.routes),
        },
    )
    matches = _propose(need, run, [*findings.found, *kept])
    _withdraw_unfit(need, {match.capability_id for match in matches})
    approve_by_policy(need, matches, rules_in_force(need.zone).policy)
    tell_office(need, matches, key=str(run.revision))


def _catch_up(need: Need, findings: Findings) -> None:
    """Score again if a listing or the rules changed while the engine ran.

    Reverse matching found no run to add to, and left; new rules came upon the run before it was written over.
    """
    version, rules = catalogue_version(), rules_in_force(need.zone).name
    if (version, rules) != (findings.catalogue_version, findings.rules_version):
        key = f"need:{need.uuid}:{need.revision}:{version}:{rules}"
        outbox.emit("need.opened", key=key, need_id=need.pk, revision=need.revision)


def _public_routes(routes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Name the capabilities of routes by their public ids."""
    wanted = {pk for route in routes for pk in route["capabilities"]}
    uuids = {pk: str(uuid) for pk, uuid in Capability.objects.filter(pk__in=wanted).values_list("pk", "uuid")}
    return [
        {
            "capabilities": [uuids[pk] for pk in route["capabilities"]],
            "steps": [{**step, "capability": uuids[step["capability"]]} for step in route["steps"]],
            "missing": route["missing"],
        }
        for route in routes
    ]


def _propose(need: Need, run: ScoringRun, found: list[Found]) -> list[Match]:
    """Upsert on the pair; a match that has been answered keeps its answer and learns its new verdicts."""
    rows = Match.objects.select_for_update(of=("self",)).filter(need=need).order_by("pk")
    known = {match.capability_id: match for match in rows}
    return propose_all(need, run, found, known)


def _withdraw_unfit(need: Need, fitting: set[int]) -> None:
    """A match nobody has answered and that the new revision no longer fits is closed, and its operator told."""
    rows = (
        Match.objects.select_related("need__zone", "need__organization", "capability__platform__organization")
        .filter(need=need, status__in=UNANSWERED, nominated_by=None)
        .exclude(capability_id__in=fitting)
        .order_by("pk")
    )
    for match in rows:
        withdraw_unanswered(match, "match.withdrawn")


def _tell(need: Need, count: int) -> None:
    notifications.owe(
        members_of(need.organization, Role.ENTERPRISE),
        "need.scored",
        key=f"need.scored:{need.uuid}:{need.revision}",
        path=f"/needs/{need.number}/matches/",
        params={"number": need.number, "title": notice_title(need), "count": count},
    )
