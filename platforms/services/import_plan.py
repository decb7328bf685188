"""What a file's rows would do to the catalogue: found out for many platforms at once, and nothing is written yet."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from platforms.enums import ListingStatus
from platforms.importing.comparing import given, same
from platforms.models import Capability, Certificate, Platform
from platforms.records import check_platform
from platforms.selectors import capability_record, certificate_record, platform_head
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.rules import require_taking_part
from zhongshi.core.errors import DomainError, InvalidInput, NotAllowed

Record = dict[str, Any]
CREATED, UPDATED, UNCHANGED, FAILED = "created", "updated", "unchanged", "failed"


@dataclass(slots=True)
class Part:
    """One capability: its row, saved or new, and what it shall say."""

    row: Capability
    record: Record
    outcome: str
    is_whole: bool
    old: Record | None = None


@dataclass(slots=True)
class Plan:
    """One platform with everything the file says of it. `certificates` is None where they stay as they are."""

    rows: list[int]
    platform: Platform
    head: Record
    is_head_new: bool
    parts: list[Part]
    digest: str = ""
    certificates: list[Record] | None = None
    gone: list[Capability] = field(default_factory=list)
    others: list[Capability] = field(default_factory=list)
    row_of: dict[str, int] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        """Whether the platform is not in the catalogue yet."""
        return self.platform.pk is None

    @property
    def is_changed(self) -> bool:
        """Whether anything is to be written."""
        parts = any(part.outcome != UNCHANGED for part in self.parts)
        return self.is_head_new or parts or bool(self.gone) or self.certificates is not None

    def outcomes(self) -> dict[int, str]:
        """What becomes of each good row: of a sheet by its capability, of another file's line by its platform."""
        if not self.row_of:
            whole = CREATED if self.is_new else UPDATED if self.is_changed else UNCHANGED
            return dict.fromkeys(self.rows, whole)
        raised = {UNCHANGED: UPDATED} if self.is_head_new else {}
        found = {
            self.row_of[part.record["id"]]: part.outcome for part in self.parts if part.record["id"] in self.row_of
        }
        return {row: raised.get(outcome, outcome) for row, outcome in found.items()}


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the catalogue holds of the platforms a few units speak of."""

    by_id: dict[str, Platform]
    by_name: dict[str, list[Platform]]
    capabilities: dict[int, list[Capability]]
    certificates: dict[int, list[Certificate]]
    taken: dict[str, int]


def plans_of(
    units: Sequence[Record], actor: Actor, *, lock: bool = False
) -> tuple[list[Plan], list[tuple[Record, DomainError]]]:
    """Plan each unit (see `importing.model.Unit.as_json`) that has a record; refused ones beside, with the reason.

    With `lock` the platforms found are locked until the transaction ends. A handful of queries for all units.
    """
    shelf = _shelf([unit for unit in units if unit["record"]], actor, lock=lock)
    plans, refused = [], []
    for unit in units:
        if unit["record"] is None:
            continue
        try:
            plans.append(_plan(unit, actor, shelf))
        except DomainError as refusal:
            refused.append((unit, refusal))
    return plans, refused


def _shelf(units: Sequence[Record], actor: Actor, *, lock: bool) -> Shelf:
    ids = [unit["record"]["id"] for unit in units]
    names = [unit["record"]["name"] for unit in units if not unit["is_whole"]]
    # The office sees its operators' as well: it must not list them a second time.
    own = Q(zone=actor.zone) if actor.is_zone_admin else Q(organization=actor.organization)
    rows = Platform.objects.filter(Q(external_id__in=ids) | (Q(name__in=names) & own)).order_by("pk")
    found = list(rows.select_for_update(of=("self",)) if lock else rows)
    by_name: dict[str, list[Platform]] = defaultdict(list)
    for row in found:
        if row.zone_id == actor.zone.pk and (actor.is_zone_admin or row.organization_id == actor.organization.pk):
            by_name[row.name].append(row)
    parts = [part["id"] for unit in units for part in unit["record"]["capabilities"]]
    taken = Capability.objects.filter(external_id__in=parts).values_list("external_id", "platform_id")
    by_id = {row.external_id: row for row in found if row.external_id}
    return Shelf(by_id, by_name, _capabilities(found), _certificates(found), dict(taken))


def _capabilities(platforms: Iterable[Platform]) -> dict[int, list[Capability]]:
    rows = Capability.objects.filter(platform__in=[row.pk for row in platforms])
    by_platform: dict[int, list[Capability]] = defaultdict(list)
    for row in rows.prefetch_related("facts", "free_periods", "equipment").order_by("position", "pk"):
        by_platform[row.platform_id].append(row)
    return by_platform


def _certificates(platforms: Iterable[Platform]) -> dict[int, list[Certificate]]:
    by_platform: dict[int, list[Certificate]] = defaultdict(list)
    for row in Certificate.objects.filter(platform__in=[row.pk for row in platforms]).order_by("pk"):
        by_platform[row.platform_id].append(row)
    return by_platform


def _plan(unit: Record, actor: Actor, shelf: Shelf) -> Plan:
    record = unit["record"]
    check_platform(record)
    known = _known(unit, actor, shelf)
    if known:
        _check_right(known, actor)
    platform = known or Platform(external_id=record["id"], zone=actor.zone, status=ListingStatus.DRAFT)
    digest = _digest(record) if unit["is_whole"] else ""
    plan = Plan(unit["rows"], platform, {}, False, [], digest=digest, row_of=unit.get("row_of") or {})
    rows = shelf.capabilities.get(platform.pk, []) if known else []
    if known and digest and known.digest == digest:
        plan.others = rows
        return plan
    _plan_head(plan, record, unit["is_whole"], shelf)
    _plan_parts(plan, record, unit["is_whole"], rows, shelf)
    return plan


def _known(unit: Record, actor: Actor, shelf: Shelf) -> Platform | None:
    """The platform meant: by its id, in a sheet also by its name among those of whoever imports."""
    if found := shelf.by_id.get(unit["record"]["id"]):
        return found
    alike = shelf.by_name.get(unit["record"]["name"], []) if not unit["is_whole"] else []
    if len(alike) > 1:
        raise InvalidInput(errors={"name": [_("Several platforms have this name; give the id of the one you mean.")]})
    if alike and alike[0].organization_id is not None and actor.is_zone_admin:
        raise InvalidInput(errors={"name": [_("An operator lists a platform of this name; give its id to change it.")]})
    return alike[0] if alike else None


def _check_right(known: Platform, actor: Actor) -> None:
    if known.zone_id != actor.zone.pk:
        raise NotAllowed(_("A platform with this id belongs to another zone."))
    if not actor.is_zone_admin and known.organization_id != actor.organization.pk:
        raise NotAllowed(_("A platform with this id belongs to somebody else."))
    if known.status != ListingStatus.DRAFT:
        require_taking_part(actor)


def _plan_head(plan: Plan, record: Record, is_whole: bool, shelf: Shelf) -> None:
    stated = {name: value for name, value in record.items() if name not in {"capabilities", "certificates"}}
    if plan.is_new:
        plan.head, plan.is_head_new = stated, True
        plan.certificates = record.get("certificates") or None
        return
    old = platform_head(plan.platform)
    plan.head = stated if is_whole else old | given({**stated, "id": None})
    plan.is_head_new = not same(old, plan.head)
    # Papers somebody entered by hand are none of a file's business.
    held = [row for row in shelf.certificates.get(plan.platform.pk, []) if row.entered_by_id is None]
    wanted = record.get("certificates") or []
    if is_whole and [given(certificate_record(row)) for row in held] != [given(part) for part in wanted]:
        plan.certificates = wanted


def _plan_parts(plan: Plan, record: Record, is_whole: bool, rows: list[Capability], shelf: Shelf) -> None:
    by_id = {row.external_id: row for row in rows if row.external_id}
    by_name = {row.name: row for row in reversed(rows)}
    kept: set[int] = set()
    for part in record["capabilities"]:
        row = by_id.get(part["id"]) or (None if is_whole else by_name.get(part["name"][:300]))
        if row is None:
            _check_free(part["id"], shelf)
            row = Capability(platform=plan.platform, external_id=part["id"], status=ListingStatus.DRAFT)
            plan.parts.append(Part(row, part, CREATED, is_whole))
            continue
        kept.add(row.pk)
        old = said(row)
        wanted = part if is_whole else old | given(part)
        outcome = UNCHANGED if same(old, wanted) else UPDATED
        plan.parts.append(Part(row, {**wanted, "id": part["id"]}, outcome, is_whole, old))
    plan.others = [row for row in rows if row.pk not in kept]
    if is_whole:
        # One without an id was written at the desk: no file can leave it out.
        plan.gone = [row for row in plan.others if row.external_id and row.status != ListingStatus.SUSPENDED]
        plan.others = [row for row in plan.others if row not in plan.gone]


def said(row: Capability) -> Record:
    """What a capability states now, as a record with its devices."""
    devices = [device.extra for device in row.equipment.all()]
    return capability_record(row, list(row.facts.all())) | ({"equipment": devices} if devices else {})


def _check_free(external_id: str, shelf: Shelf) -> None:
    if external_id in shelf.taken:
        raise InvalidInput(
            errors={"capabilities": [_("Another platform has a capability with the id %(id)s.") % {"id": external_id}]}
        )


def _digest(record: Record) -> str:
    return hashlib.sha256(json.dumps(record, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
