"""Listings come in, change, and are published. Every change moves the catalogue clock."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
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
from zhongshi.accounts.rules import NotTakingPart, require_taking_part, takes_part
from zhongshi.core import outbox
from zhongshi.core.errors import InvalidInput, NotAllowed
from zhongshi.core.models import AuditEntry
from zhongshi.core.transitions import advance
from zhongshi.vocabulary.lexicons import current_lexicon
from zhongshi.vocabulary.reading import Lexicon, read_capability

from .periods import follow_stated_weeks
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
    set_platform(platform, record)
    platform.digest = digest
    platform.organization = organization or platform.organization
    platform.dated_on = timezone.localdate()
    platform.save()
    _write_certificates(platform, record.get("certificates") or [])


def set_platform(platform: Platform, record: Mapping[str, Any]) -> None:
    """Give the row what the record says of the platform itself; not saved."""
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


def _write_certificates(platform: Platform, records: list[Mapping[str, Any]]) -> None:
    # What somebody entered at the desk is not the file's to delete.
    platform.certificates.filter(entered_by=None).delete()
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
        follow_stated_weeks(row)
        kept.append(row.pk)
    # A capability without an id was written at the desk: no file can leave it out.
    loaded = platform.capabilities.exclude(external_id=None)
    gone = loaded.exclude(pk__in=kept).exclude(status=ListingStatus.SUSPENDED)
    gone.update(status=ListingStatus.SUSPENDED, version=version)
    mark_lapsed(platform, today=timezone.localdate())


def _free_id(external_id: str) -> str:
    if Capability.objects.filter(external_id=external_id).exists():
        raise InvalidInput(
            errors={"capabilities": [_("Another platform has a capability with the id %(id)s.") % {"id": external_id}]}
        )
    return external_id


def set_capability(row: Capability, part: Mapping[str, Any]) -> None:
    """Give the row what the record says of the capability itself; not saved."""
    trl = part.get("trl") or [None, None]
    row.name, row.summary = part["name"][:300], part.get("summary") or ""
    row.small_batch, row.price = part.get("small_batch"), part.get("price")
    row.trl_from, row.trl_to = trl
    row.is_availability_known = part.get("availability") is not None
    row.extra = {key: value for key, value in part.items() if key not in _BODY}


def _write_capability(row: Capability, part: Mapping[str, Any], position: int, version: int) -> None:
    set_capability(row, part)
    row.position, row.version = position, version
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
    _write_equipment(row, part.get("equipment") or [])


def _write_equipment(row: Capability, devices: Sequence[Mapping[str, Any]]) -> None:
    """Keep the devices whose name and model stay: weeks of the calendar hang on them."""
    known = {(device.name, device.model): device for device in row.equipment.all()}
    for record in devices:
        key = str(record.get("name") or ""), str(record.get("model") or "")
        device = known.pop(key, None) or Equipment(capability=row, name=key[0], model=key[1])
        device.extra = dict(record)
        device.save()
    row.equipment.filter(pk__in=[device.pk for device in known.values()]).delete()


def _write_facts(row: Capability, platform: Mapping[str, Any], part: Mapping[str, Any]) -> None:
    row.facts.exclude(source=FactSource.ANSWERED).delete()
    source_date = str((platform.get("source") or {}).get("date") or "")
    facts = [*declared_facts(row, part), *read_facts(row, platform, part)]
    for position, fact in enumerate(facts):
        fact.position, fact.source_date = position, source_date
    Fact.objects.bulk_create(facts)


def declared_facts(row: Capability, part: Mapping[str, Any]) -> list[Fact]:
    """What a record states in its lists and parameters, as rows that are not saved yet."""
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


def read_facts(
    row: Capability, platform: Mapping[str, Any], part: Mapping[str, Any], lexicon: Lexicon | None = None
) -> list[Fact]:
    """What the words of a listing say by the vocabulary of today, as rows that are not saved yet.

    Whoever reads many gives the `lexicon`: asking for today's takes two queries.
    """
    found = read_capability(platform, part, lexicon or current_lexicon())
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


def _own_move(actor: Actor, platform: Platform, row: Platform | Capability, target: str) -> bool:
    if not runs(actor, platform):
        return False
    if target == ListingStatus.PUBLISHED:
        return row.status == ListingStatus.SUSPENDED and may_resume(actor, row)
    return target in {ListingStatus.SUBMITTED, ListingStatus.SUSPENDED}


def may_resume(actor: Actor, row: Platform | Capability) -> bool:
    """Whether the last one who suspended this listing was of the operator's own organization."""
    moves = AuditEntry.objects.filter(object_kind=row._meta.model_name, object_id=row.uuid)  # noqa: SLF001
    last = moves.filter(action="status", to_status=ListingStatus.SUSPENDED).select_related("actor__membership").first()
    member = getattr(last.actor, "membership", None) if last else None
    return bool(member and member.organization_id == actor.organization.pk)


def platform_advance(*, actor: Actor, platform: Platform, target: str, note: str = "") -> Platform:
    """Move a platform's listing: its operator submits, suspends and resumes, the zone's office publishes or returns.

    An operator resumes what it suspended itself, not what the office took off the list.
    Raises NotAllowed for others, NotTakingPart for an operator that is not approved.
    """
    if not _own_move(actor, platform, platform, target) and not may_review(actor, platform):
        raise NotAllowed
    require_taking_part(actor)
    _require_operator(platform, target)
    if target == ListingStatus.RETURNED and not note.strip():
        raise InvalidInput(errors={"note": [_("Please say why.")]})
    with transaction.atomic(durable=True):
        advance(platform, target, actor=actor.user, note=note, zone_code=platform.zone.code)
        touch(platform)
    return platform


def capability_advance(*, actor: Actor, capability: Capability, target: str, note: str = "") -> Capability:
    """Move one capability's listing, under the same rules as its platform's."""
    platform = capability.platform
    if not _own_move(actor, platform, capability, target) and not may_review(actor, platform):
        raise NotAllowed
    require_taking_part(actor)
    _require_operator(platform, target)
    with transaction.atomic(durable=True):
        advance(capability, target, actor=actor.user, note=note, zone_code=platform.zone.code)
        touch(platform)
    return capability


def _require_operator(platform: Platform, target: str) -> None:
    """Nothing of an organization that does not take part is put on the list, by the zone's office neither."""
    operator = platform.organization
    if target == ListingStatus.PUBLISHED and operator is not None and not takes_part(operator):
        raise NotTakingPart
