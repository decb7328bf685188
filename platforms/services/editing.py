"""An operator writes its own listings: platforms and services, against the version it has seen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy

from platforms.enums import FactSource, ListingStatus
from platforms.models import Capability, Equipment, Fact, Platform
from platforms.records import check_platform
from platforms.rules import runs
from platforms.selectors import capability_record, platform_head
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.rules import require_taking_part
from zhongshi.core.audit import record
from zhongshi.core.errors import InvalidInput, NotAllowed, StaleTransition

from .listings import declared_facts, read_facts, set_capability, set_platform, touch

_PART = "capabilities.0."
STALE = gettext_lazy("Somebody else has changed this listing. Saving again replaces what they wrote.")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceEntry:
    """A device; `key` is the primary key of one that is kept."""

    name: str
    model: str = ""
    count: int = 1
    is_bookable: bool = True
    key: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CapabilityEntry:
    """A service as the exchange format writes it (`part`, without id), its devices, and answers to take back."""

    part: Mapping[str, Any]
    devices: Sequence[DeviceEntry] = ()
    dropped: Sequence[int] = field(default_factory=list)


def capability_seen(row: Capability) -> str:
    """What tells whether a service still says what a person saw: the calendar and what was read do not count."""
    said = capability_record(row, list(row.facts.all()))
    said.pop("availability")
    answered = [fact.pk for fact in row.facts.all() if fact.source == FactSource.ANSWERED]
    devices = [(d.pk, d.name, d.model, d.count, d.is_bookable) for d in row.equipment.all()]
    return _digest([said, answered, devices])


def platform_seen(platform: Platform) -> str:
    """The same for a platform's own fields."""
    return _digest([platform_head(platform), platform.is_confirmed])


def _digest(said: object) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:24]


def capability_save(
    *, actor: Actor, platform: Platform, capability: Capability | None, entry: CapabilityEntry, seen: str = ""
) -> Capability:
    """Write a service of one's own platform, or a new one as a draft; a published one stays published.

    Facts that stay as they were keep their date. Raises InvalidInput by field (`parameters.2.unit`), StaleTransition
    where somebody else has changed the service since it was seen.
    """
    if not runs(actor, platform):
        raise NotAllowed
    _check_part(entry.part)
    with transaction.atomic(durable=True):
        # The race: an import, an answer to a lead, or a colleague at the same form. The row is read under the lock.
        locked = Platform.objects.select_for_update(of=("self",)).select_related("zone").get(pk=platform.pk)
        row = _row(locked, capability, seen)
        _require_right_to_show(actor, row)
        known = dict(_dates(row))
        set_capability(row, {**row.extra, **entry.part, **_calendar(row)})
        row.save()
        _write_devices(row, entry.devices)
        row.facts.filter(source=FactSource.ANSWERED, pk__in=entry.dropped).delete()
        _write_facts(row, locked, entry.part, known)
        record("listing_edited", row, actor=actor.user, zone_code=locked.zone.code)
        touch(locked)
    return row


def _require_right_to_show(actor: Actor, row: Platform | Capability) -> None:
    """Drafts are anybody's to write; what others read, or review, changes only for organizations that take part."""
    if row.status in {ListingStatus.SUBMITTED, ListingStatus.PUBLISHED}:
        require_taking_part(actor)


def _row(platform: Platform, capability: Capability | None, seen: str) -> Capability:
    if capability is None:
        last = platform.capabilities.aggregate(last=Max("position"))["last"]
        return Capability(platform=platform, status=ListingStatus.DRAFT, position=0 if last is None else last + 1)
    row = Capability.objects.get(pk=capability.pk, platform=platform)
    if capability_seen(row) != seen:
        raise StaleTransition(STALE)
    return row


def _check_part(part: Mapping[str, Any]) -> None:
    try:
        check_platform({"id": "-", "name": "-", "capabilities": [{"id": "-", **part}]})
    except InvalidInput as refusal:
        errors = refusal.errors or {}
        raise InvalidInput(errors={name.removeprefix(_PART): texts for name, texts in errors.items()}) from None


def _calendar(row: Capability) -> dict[str, Any]:
    """The calendar has a page of its own: what it says stays."""
    return {"availability": [] if row.is_availability_known else None}


Key = tuple[Any, ...]


def _key(fact: Fact) -> Key:
    return (fact.kind, fact.value, fact.quantity, fact.low, fact.high, fact.unit, fact.count, fact.text)


def _dates(row: Capability) -> list[tuple[Key, str]]:
    if row.pk is None:
        return []
    return [(_key(fact), fact.source_date) for fact in row.facts.exclude(source=FactSource.ANSWERED)]


def _write_facts(row: Capability, platform: Platform, part: Mapping[str, Any], known: Mapping[Key, str]) -> None:
    today = timezone.localdate().isoformat()
    row.facts.exclude(source=FactSource.ANSWERED).delete()
    facts = [*declared_facts(row, part), *read_facts(row, platform_head(platform), part)]
    for position, fact in enumerate(facts):
        fact.position, fact.source_date = position, known.get(_key(fact), today)
    Fact.objects.bulk_create(facts)


def _write_devices(row: Capability, devices: Sequence[DeviceEntry]) -> None:
    """Change the devices that are kept, so that their weeks stay; add the new ones, delete the others."""
    known = {device.pk: device for device in row.equipment.all()}
    for entry in devices:
        device = known.pop(entry.key, None) if entry.key else None
        device = device or Equipment(capability=row)
        device.name, device.model = entry.name[:200], entry.model[:120]
        device.count, device.is_bookable = max(1, min(entry.count, 10_000)), entry.is_bookable
        # What a file is compared with: one that says the same must find the device it means.
        device.extra = {**device.extra, "name": device.name, "model": device.model}
        device.save()
    row.equipment.filter(pk__in=known).delete()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformEntry:
    """A platform's own fields in the exchange format, and whether its operator vouches for them."""

    head: Mapping[str, Any]
    url: str = ""
    is_confirmed: bool = False


def platform_save(*, actor: Actor, platform: Platform | None, entry: PlatformEntry, seen: str = "") -> Platform:
    """Write one's own platform, or a new one as a draft. Raises as `capability_save` does."""
    if actor.role != Role.OPERATOR or (platform is not None and not runs(actor, platform)):
        raise NotAllowed
    check_platform({"id": "-", "capabilities": [], **entry.head})
    with transaction.atomic(durable=True):
        row = _platform_row(actor, platform, seen)
        _require_right_to_show(actor, row)
        head = {**row.extra, **entry.head}
        source = {"url": entry.url, "date": timezone.localdate().isoformat(), "grade": row.source_grade}
        set_platform(row, {**head, "source": source, "level": row.level})
        row.is_confirmed = entry.is_confirmed
        row.save()
        record("listing_edited", row, actor=actor.user, zone_code=row.zone.code)
        touch(row)
    return row


def _platform_row(actor: Actor, platform: Platform | None, seen: str) -> Platform:
    if platform is None:
        return Platform(zone=actor.zone, organization=actor.organization, status=ListingStatus.DRAFT)
    row: Platform = Platform.objects.select_for_update(of=("self",)).select_related("zone").get(pk=platform.pk)
    if platform_seen(row) != seen:
        raise StaleTransition(STALE)
    return row
