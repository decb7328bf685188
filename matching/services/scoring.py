"""A need is scored: the engine outside any transaction, then one short transaction with everything it found."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from matching import catalogue
from matching.enums import UNANSWERED
from matching.findings import Findings, Found
from matching.models import Match, ScoringRun
from platforms.models import Capability
from platforms.selectors import catalogue_version
from requests.enums import NeedStatus
from requests.models import Need
from requests.selectors import need_record
from zhongshi.accounts.actors import members_of
from zhongshi.accounts.enums import Role
from zhongshi.core import notifications, outbox
from zhongshi.core.models import OutboxEvent

from .closing import withdraw_unanswered
from .locking import lock_need
from .proposing import apply_policy, propose

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
            _catch_up(need, scored.findings.catalogue_version)
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
    apply_policy(need, matches, key=str(run.revision))
    _tell(need, run, len(matches))


def _catch_up(need: Need, seen: int) -> None:
    """Score again if a listing changed while the engine ran: reverse matching found no run to add to, and left."""
    version = catalogue_version()
    if version != seen:
        key = f"need:{need.uuid}:{need.revision}:{version}"
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
    return [propose(need, run, item, known.get(item.capability_id)) for item in found]


def _withdraw_unfit(need: Need, fitting: set[int]) -> None:
    """A match nobody has answered and that the new revision no longer fits is closed, and its operator told."""
    rows = (
        Match.objects.select_related("need__zone", "need__organization", "capability__platform__organization")
        .filter(need=need, status__in=UNANSWERED)
        .exclude(capability_id__in=fitting)
        .order_by("pk")
    )
    for match in rows:
        withdraw_unanswered(match, "match.withdrawn")


def _tell(need: Need, run: ScoringRun, count: int) -> None:
    notifications.owe(
        members_of(need.organization, Role.ENTERPRISE),
        "need.scored",
        key=f"need.scored:{need.uuid}:{run.revision}",
        path=f"/needs/{need.number}/matches/",
        params={"number": need.number, "title": need.title, "count": count},
    )
