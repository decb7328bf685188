"""A need is scored: the engine outside any transaction, then one short transaction with everything it found."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from matching import catalogue
from matching.enums import UNANSWERED, MatchStatus
from matching.findings import Findings, Found
from matching.models import Match, ScoringRun
from platforms.models import Capability
from requests.enums import NeedStatus
from requests.models import Need
from requests.selectors import need_record
from zhongshi.accounts.actors import members_of, zone_admins
from zhongshi.accounts.enums import Role
from zhongshi.core import notifications, outbox
from zhongshi.core.models import OutboxEvent
from zhongshi.core.transitions import advance

from .locking import lock_need
from .review import approve_match, policy_approves
from .telling import tell_operator

KEPT_MATCHES = 20


@dataclass(frozen=True, slots=True)
class _Scored:
    findings: Findings
    digest: str
    milliseconds: float


def need_score(*, event: OutboxEvent, need_id: int, revision: int) -> None:
    """Score one revision of a need and propose its matches. Outbox handler; may run twice, late, or beside itself.

    Nothing is written if the need was edited or closed meanwhile: its newer revision has its own event.
    """
    assert event.lease_token is not None  # noqa: S101 - a claimed event has one
    scored = _score(Need.objects.get(pk=need_id))
    with transaction.atomic(durable=True):
        need = lock_need(need_id)
        if need.status == NeedStatus.OPEN and need.revision == revision:
            _write(need, scored)
        outbox.finish(event.pk, event.lease_token)


def _score(need: Need) -> _Scored:
    record = need_record(need)
    started = time.perf_counter()
    findings = catalogue.find(record, limit=KEPT_MATCHES)
    elapsed = (time.perf_counter() - started) * 1000
    digest = hashlib.sha256(json.dumps(record, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    return _Scored(findings, digest, elapsed)


def _write(need: Need, scored: _Scored) -> None:
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
    matches = _propose(need, run, findings.found)
    _withdraw_unfit(need, {found.capability_id for found in findings.found})
    _apply_policy(need, run, matches)
    _tell(need, run, len(matches))


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
    return [_upsert(need, run, item, known.get(item.capability_id)) for item in found]


def _upsert(need: Need, run: ScoringRun, item: Found, match: Match | None) -> Match:
    columns: dict[str, Any] = {
        "run": run,
        "rank": item.rank,
        "score": item.score,
        "components": item.components,
        "verdicts": item.verdicts,
    }
    if match is None:
        return Match.objects.create(need=need, capability_id=item.capability_id, status=MatchStatus.PROPOSED, **columns)
    if match.status == MatchStatus.WITHDRAWN:
        again: dict[str, Any] = {"reviewed_at": None, "reviewed_by": None, "review_note": "", "answer_due_at": None}
        again |= {"answered_at": None, "answered_by": None, "reminded_at": None}
        return advance(match, MatchStatus.PROPOSED, actor=None, zone_code=need.zone.code, **columns, **again)
    Match.objects.filter(pk=match.pk).update(**columns)
    match.refresh_from_db()
    return match


def _withdraw_unfit(need: Need, fitting: set[int]) -> None:
    """A match nobody has answered and that the new revision no longer fits is closed, and its operator told."""
    rows = (
        Match.objects.select_related("need__zone", "need__organization", "capability__platform__organization")
        .filter(need=need, status__in=UNANSWERED)
        .exclude(capability_id__in=fitting)
        .order_by("pk")
    )
    for match in rows:
        was_lead = match.status == MatchStatus.APPROVED
        advance(match, MatchStatus.WITHDRAWN, actor=None, zone_code=need.zone.code)
        if was_lead:
            tell_operator(match, "match.withdrawn", key=f":{match.run_id}")


def _apply_policy(need: Need, run: ScoringRun, matches: list[Match]) -> None:
    waiting = [match for match in matches if match.status == MatchStatus.PROPOSED]
    approved = [match for match in waiting if policy_approves(need.zone, match)]
    for match in approved:
        match.need = need
        approve_match(match, actor=None)
    left = len(waiting) - len(approved)
    if left:
        notifications.owe(
            zone_admins(need.zone),
            "match.proposed",
            key=f"match.proposed:{need.uuid}:{run.revision}",
            path="/park/review/",
            params={"number": need.number, "title": need.title, "count": left},
        )


def _tell(need: Need, run: ScoringRun, count: int) -> None:
    notifications.owe(
        members_of(need.organization, Role.ENTERPRISE),
        "need.scored",
        key=f"need.scored:{need.uuid}:{run.revision}",
        path=f"/needs/{need.number}/matches/",
        params={"number": need.number, "title": need.title, "count": count},
    )
