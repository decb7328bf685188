"""Listings come in, change, and are published. Every change moves the catalogue clock."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from platforms.enums import FactKind, FactSource, ListingStatus, OperatorKind
from platforms.models import Capability, CatalogueClock, Certificate, Equipment, Fact, FreePeriod, Platform
from platforms.records import check_platform
from platforms.rules import may_review, runs
from platforms.selectors import catalogue_version
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Organization, Zone
from zhongshi.core import outbox
from zhongshi.core.errors import InvalidInput, NotAllowed
from zhongshi.core.transitions import advance
from zhongshi.vocabulary.lexicons import current_lexicon
from zhongshi.vocabulary.reading import read_capability

from .validity import mark_lapsed

_HEAD = frozenset(
    {
        "id",
        "name",
        "operator",
        "operator_kind",
        "country",
        "region",
        "city",
        "chains",
        "level",
        "status",
        "source",
        "capabilities",
        "certificates",
    }
)
_BODY = frozenset(
    {
        "id",
        "name",
        "summary",
        "stages",
        "services",
        "processes",
        "materials",
        "parameters",
        "qualifications",
        "small_batch",
        "trl",
        "price",
        "availability",
        "equipment",
    }
)
_VALUES = {
    "stages": FactKind.STAGE,
    "services": FactKind.SERVICE,
    "processes": FactKind.PROCESS,
    "materials": FactKind.MATERIAL,
    "qualifications": FactKind.QUALIFICATION,
}
_PARAMETER = frozenset({"quantity", "min", "max", "unit", "count", "text"})


def tick() -> int:
    """Move the catalogue clock and return its new value.

    The row lock holds until commit, so versions become visible in the order of their numbers.
    """
    if not CatalogueClock.objects.filter(pk=1).update(value=F("value") + 1):
        CatalogueClock.objects.get_or_create(pk=1)
        return tick()
    return CatalogueClock.objects.values_list("value", flat=True).get(pk=1)


def platform_load(
    *,
    record: Mapping[str, Any],
    zone: Zone,
    organization: Organization | None = None,
    publish: bool = False,
    actor: Actor | None = None,
) -> str:
    """Store one exchange record with its capabilities; "created", "updated" or "unchanged".

    Idempotent by id. Unknown keys are kept. What the words say is read here, once, and stored as facts beside the
    declared ones. Raises InvalidInput naming the fields, NotAllowed for another operator's platform.
    """
    check_platform(record)
    digest = hashlib.sha256(json.dumps(record, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    with transaction.atomic():
        platform = Platform.objects.select_for_update().filter(external_id=record["id"]).first()
        if platform and organization and platform.organization_id != organization.pk:
            raise NotAllowed(_("A platform with this id belongs to somebody else."))
        if platform and platform.digest == digest:
            return "published" if publish and _publish(platform, actor) else "unchanged"
        outcome = "updated" if platform else "created"
        platform = platform or Platform(external_id=record["id"], zone=zone, status=ListingStatus.DRAFT)
        _write_platform(platform, record, digest, organization)
        _write_capabilities(platform, record)
        if not (publish and _publish(platform, actor)):
            _report_changed(platform)
    return outcome


def _write_platform(
    platform: Platform, record: Mapping[str, Any], digest: str, organization: Organization | None
) -> None:
    source = record.get("source") or {}
    kind = record.get("operator_kind")
    platform.name, platform.operator_name = record["name"][:300], (record.get("operator") or "")[:300]
    platform.operator_kind = kind if kind in OperatorKind.values else OperatorKind.UNKNOWN
    platform.country, platform.region = record.get("country") or "", record.get("region") or ""
    platform.city, platform.chains = record.get("city") or "", record.get("chains") or []
    platform.level, platform.operating_status = record.get("level") or "", record.get("status") or ""
    platform.source_url, platform.source_date = source.get("url") or "", source.get("date") or ""
    platform.source_grade = source.get("grade") or ""
    platform.extra = {key: value for key, value in record.items() if key not in _HEAD}
    platform.digest = digest
    platform.organization = organization or platform.organization
    platform.dated_on = timezone.localdate()
    platform.save()
    _write_certificates(platform, record.get("certificates") or [])


def _write_certificates(platform: Platform, records: list[Mapping[str, Any]]) -> None:
    platform.certificates.all().delete()
    known = {"qualification", "number", "issuer", "scope", "valid_from", "valid_until"}
    for record in records:
        Certificate.objects.create(
            platform=platform,
            status=ListingStatus.PUBLISHED,
            **{name: record[name] for name in known if record.get(name)},
            extra={key: value for key, value in record.items() if key not in known},
        )


def _write_capabilities(platform: Platform, record: Mapping[str, Any]) -> None:
    version = tick()
    kept = []
    for position, part in enumerate(record["capabilities"]):
        row = Capability.objects.filter(platform=platform, external_id=part["id"]).first()
        row = row or Capability(platform=platform, external_id=_free_id(part["id"]), status=ListingStatus.DRAFT)
        _write_capability(row, part, position, version)
        _write_facts(row, record, part)
        kept.append(row.pk)
    gone = platform.capabilities.exclude(pk__in=kept).exclude(status=ListingStatus.SUSPENDED)
    gone.update(status=ListingStatus.SUSPENDED, version=version)
    mark_lapsed(platform, today=timezone.localdate())


def _free_id(external_id: str) -> str:
    if Capability.objects.filter(external_id=external_id).exists():
        raise InvalidInput(
            errors={"capabilities": [_("Another platform has a capability with the id %(id)s.") % {"id": external_id}]}
        )
    return external_id


def _write_capability(row: Capability, part: Mapping[str, Any], position: int, version: int) -> None:
    trl = part.get("trl") or [None, None]
    row.name, row.summary = part["name"][:300], part.get("summary") or ""
    row.small_batch, row.price = part.get("small_batch"), part.get("price")
    row.trl_from, row.trl_to = trl
    row.is_availability_known = part.get("availability") is not None
    row.position, row.version = position, version
    row.extra = {key: value for key, value in part.items() if key not in _BODY}
    row.save()
    row.free_periods.all().delete()
    FreePeriod.objects.bulk_create(
        FreePeriod(
            capability=row,
            starts_on=date.fromisoformat(period["from"]),
            ends_on=date.fromisoformat(period["to"]),
        )
        for period in part.get("availability") or []
    )
    row.equipment.all().delete()
    Equipment.objects.bulk_create(
        Equipment(
            capability=row,
            name=str(device.get("name") or ""),
            model=str(device.get("model") or ""),
            extra=device,
        )
        for device in part.get("equipment") or []
    )


def _write_facts(row: Capability, platform: Mapping[str, Any], part: Mapping[str, Any]) -> None:
    row.facts.exclude(source=FactSource.ANSWERED).delete()
    source_date = str((platform.get("source") or {}).get("date") or "")
    facts = [*_declared_facts(row, part), *read_facts(row, platform, part)]
    for position, fact in enumerate(facts):
        fact.position, fact.source_date = position, source_date
    Fact.objects.bulk_create(facts)


def _declared_facts(row: Capability, part: Mapping[str, Any]) -> list[Fact]:
    values = [
        Fact(capability=row, kind=kind, value=value[:200], text=value, source=FactSource.DECLARED)
        for name, kind in _VALUES.items()
        for value in part.get(name) or []
    ]
    parameters = [
        Fact(
            capability=row,
            kind=FactKind.PARAMETER,
            quantity=parameter["quantity"],
            low=parameter.get("min"),
            high=parameter.get("max"),
            unit=parameter.get("unit") or "",
            count=parameter.get("count"),
            text=parameter.get("text") or "",
            source=FactSource.DECLARED,
            extra={key: value for key, value in parameter.items() if key not in _PARAMETER},
        )
        for parameter in part.get("parameters") or []
    ]
    return values + parameters


def read_facts(row: Capability, platform: Mapping[str, Any], part: Mapping[str, Any]) -> list[Fact]:
    """What the words of a listing say by the vocabulary of today, as rows that are not saved yet."""
    found = read_capability(platform, part, current_lexicon())
    return [
        Fact(
            capability=row,
            kind=fact.kind,
            value=(fact.value or "")[:200],
            quantity=fact.quantity or "",
            low=fact.min,
            high=fact.max,
            unit=fact.unit or "",
            count=fact.count,
            text=fact.text,
            source=FactSource.READ,
            is_negated=fact.negated,
            confidence=fact.confidence,
        )
        for fact in found
        if fact.source == "read" and fact.kind in FactKind.values
    ]


def _publish(platform: Platform, actor: Actor | None) -> bool:
    """Publish the platform and all its capabilities; True if anything moved."""
    moved = _to_published(platform, actor)
    for row in platform.capabilities.all():
        moved |= _to_published(row, actor)
    if moved:
        touch(platform)
    return moved


def _to_published(row: Platform | Capability, actor: Actor | None) -> bool:
    if ListingStatus.PUBLISHED not in row.TRANSITIONS[row.status] or row.status == ListingStatus.SUSPENDED:
        return False
    advance(row, ListingStatus.PUBLISHED, actor=actor.user if actor else None)
    return True


def touch(platform: Platform, *, today: date | None = None) -> None:
    """Report a change of a platform's facts to whoever follows the catalogue; in the caller's transaction."""
    mark_lapsed(platform, today=today or timezone.localdate())
    # All of them: a sibling's processes count as the platform's, so one that comes or goes changes the others.
    platform.capabilities.update(version=tick())
    _report_changed(platform)


def _report_changed(platform: Platform) -> None:
    """Emit one fact for the platform as it now stands; a listing that was never public concerns no need."""
    if platform.status in {ListingStatus.PUBLISHED, ListingStatus.SUSPENDED}:
        version = catalogue_version()
        key = f"listing:{platform.uuid}:{version}"
        outbox.emit("listing.changed", key=key, platform_id=platform.pk, version=version)


def platform_advance(*, actor: Actor, platform: Platform, target: str, note: str = "") -> Platform:
    """Move a platform's listing: its operator submits, the zone's office publishes, returns or suspends."""
    own_move = runs(actor, platform) and target == ListingStatus.SUBMITTED
    if not own_move and not may_review(actor, platform):
        raise NotAllowed
    if target == ListingStatus.RETURNED and not note.strip():
        raise InvalidInput(errors={"note": [_("Please say why.")]})
    with transaction.atomic(durable=True):
        advance(platform, target, actor=actor.user, note=note, zone_code=platform.zone.code)
        touch(platform)
    return platform


def capability_advance(*, actor: Actor, capability: Capability, target: str, note: str = "") -> Capability:
    """Move one capability's listing, under the same rules as its platform's."""
    platform = capability.platform
    own_move = runs(actor, platform) and target == ListingStatus.SUBMITTED
    if not own_move and not may_review(actor, platform):
        raise NotAllowed
    with transaction.atomic(durable=True):
        advance(capability, target, actor=actor.user, note=note, zone_code=platform.zone.code)
        touch(platform)
    return capability
