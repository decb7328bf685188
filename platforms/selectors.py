"""Supply in the shapes others read: exchange records, and the stored facts beside them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.utils import timezone

from zhongshi.vocabulary import reading

from .enums import FactKind, FactSource
from .models import Capability, CatalogueClock, Fact, Platform

_LISTS = {
    "stages": FactKind.STAGE,
    "services": FactKind.SERVICE,
    "processes": FactKind.PROCESS,
    "materials": FactKind.MATERIAL,
    "qualifications": FactKind.QUALIFICATION,
}
_FACT_COLUMNS = (
    "capability_id", "kind", "value", "quantity", "low", "high", "unit", "count", "text", "source", "confidence",
    "is_negated",
)  # fmt: skip
AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class CapabilityRecord:
    """A capability as the engine takes it up: both exchange records and what was read from its words when saved."""

    pk: int
    version: int
    is_listed: bool
    platform: dict[str, Any]
    capability: dict[str, Any]
    read: tuple[reading.Fact, ...]


def catalogue_version() -> int:
    """The catalogue clock: grows with every committed change of a listing."""
    return CatalogueClock.objects.values_list("value", flat=True).first() or 0


def changed_since(version: int) -> Iterator[CapabilityRecord]:
    """Capabilities changed after `version`, listed or not, in batches; the ids are the primary keys.

    As of today: a qualification whose certificate has run out and free days gone by are left out. When a day makes a
    difference, `listings_age` moves the version.
    """
    today = timezone.localdate()
    changed = Capability.objects.filter(version__gt=version).select_related("platform")
    rows = changed.prefetch_related("free_periods").order_by("version", "pk").iterator(chunk_size=AT_ONCE)
    while batch := list(islice(rows, AT_ONCE)):
        yield from _engine_records(batch, today)


def _engine_records(rows: Sequence[Capability], today: date) -> Iterator[CapabilityRecord]:
    """Facts come as plain tuples, each once: a restart reads all of them, and model rows cost several times as much."""
    platforms = {row.platform_id for row in rows}
    facts = _facts_by_capability(platforms)
    siblings: dict[int, list[Any]] = {pk: [] for pk in platforms}
    lines = Capability.objects.filter(platform__in=platforms).values_list(
        "pk", "platform_id", "status", "name", named=True
    )
    for line in lines:
        siblings[line.platform_id].append(line)
    for row in rows:
        alike = [line for line in siblings[row.platform_id] if line.status == row.status]
        own = facts.get(row.pk, [])
        # A sibling's processes count as the platform's, so the record needs their lists as well.
        lists = [_lists(line, facts.get(line.pk, [])) for line in alike]
        yield _engine_record(row, own, lists, today)


def _facts_by_capability(platforms: Collection[int]) -> dict[int, list[Any]]:
    standing = Fact.objects.filter(capability__platform__in=platforms, is_lapsed=False)
    found: dict[int, list[Any]] = {}
    for fact in standing.values_list(*_FACT_COLUMNS, named=True).iterator(chunk_size=10_000):
        found.setdefault(fact.capability_id, []).append(fact)
    return found


def _engine_record(
    row: Capability, facts: Sequence[Any], siblings: list[dict[str, Any]], today: date
) -> CapabilityRecord:
    platform = platform_head(row.platform) | {"capabilities": siblings}
    capability = capability_record(row, facts)
    return CapabilityRecord(
        pk=row.pk,
        version=row.version,
        is_listed=row.status == "published" and row.platform.status == "published",
        platform=platform | {"id": str(row.platform_id)},
        capability=capability | {"id": str(row.pk), "availability": _coming(row, today)},
        read=tuple(_reading_fact(fact) for fact in facts if fact.source != FactSource.DECLARED),
    )


def _lists(line: Any, facts: Sequence[Any]) -> dict[str, Any]:
    declared = [fact for fact in facts if fact.source == FactSource.DECLARED]
    values = {name: [fact.value for fact in declared if fact.kind == kind] for name, kind in _LISTS.items()}
    return {"id": str(line.pk), "name": line.name, **values}


def _reading_fact(fact: Any) -> reading.Fact:
    return reading.Fact(
        kind=fact.kind,
        value=fact.value or None,
        quantity=fact.quantity or None,
        min=fact.low,
        max=fact.high,
        unit=fact.unit or None,
        count=_whole(fact.count),
        text=fact.text,
        confidence=fact.confidence,
        negated=fact.is_negated,
    )


def platform_record(platform: Platform) -> dict[str, Any]:
    """The platform with its capabilities as a line of the exchange format."""
    capabilities = platform.capabilities.prefetch_related("facts", "free_periods", "equipment").order_by(
        "position", "pk"
    )
    record = platform_head(platform) | {
        "capabilities": [capability_record(row, list(row.facts.all())) for row in capabilities]
    }
    certificates = [_certificate_record(row) for row in platform.certificates.all()]
    if certificates:
        record["certificates"] = certificates
    return record


def platform_head(platform: Platform) -> dict[str, Any]:
    """The platform's own fields in the exchange format."""
    source = None
    if platform.source_url or platform.source_date or platform.source_grade:
        source = {
            "url": platform.source_url or None,
            "date": platform.source_date or None,
            "grade": platform.source_grade or None,
        }
    return {
        "id": platform.external_id or str(platform.uuid),
        "name": platform.name,
        "operator": platform.operator_name or None,
        "operator_kind": platform.operator_kind,
        "country": platform.country or None,
        "region": platform.region or None,
        "city": platform.city or None,
        "chains": platform.chains,
        "level": platform.level or None,
        "status": platform.operating_status or None,
        "source": source,
        **platform.extra,
    }


def capability_record(row: Capability, facts: Iterable[Any]) -> dict[str, Any]:
    """One capability in the exchange format; only what was declared, not what was read from its words."""
    declared = [fact for fact in facts if fact.source == FactSource.DECLARED]
    record: dict[str, Any] = {
        "id": row.external_id or str(row.uuid),
        "name": row.name,
        "summary": row.summary,
    }
    for name, kind in _LISTS.items():
        record[name] = [fact.value for fact in declared if fact.kind == kind]
    record["parameters"] = [_parameter_record(fact) for fact in declared if fact.kind == FactKind.PARAMETER]
    record["small_batch"] = row.small_batch
    record["price"] = row.price
    record["availability"] = _availability(row)
    if row.trl_from is not None or row.trl_to is not None:
        record["trl"] = [row.trl_from, row.trl_to]
    record.update(row.extra)
    return record


def _parameter_record(fact: Any) -> dict[str, Any]:
    return {
        "quantity": fact.quantity,
        "min": _whole_if(fact.low),
        "max": _whole_if(fact.high),
        "unit": fact.unit,
        "count": _whole_if(fact.count),
        "text": fact.text,
        # The engine's tuples leave further fields out: nothing is matched by them.
        **(fact.extra if isinstance(fact, Fact) else {}),
    }


def _availability(row: Capability) -> list[dict[str, str]] | None:
    if not row.is_availability_known:
        return None
    return [
        {"from": period.starts_on.isoformat(), "to": period.ends_on.isoformat()} for period in row.free_periods.all()
    ]


def _coming(row: Capability, today: date) -> list[dict[str, str]] | None:
    """Free periods from today on. A calendar that has run out says nothing of the days to come: None, not "full"."""
    periods = list(row.free_periods.all())
    coming = [
        {"from": max(period.starts_on, today).isoformat(), "to": period.ends_on.isoformat()}
        for period in periods
        if period.ends_on >= today
    ]
    return coming if coming or (row.is_availability_known and not periods) else None


def _certificate_record(row: Any) -> dict[str, Any]:
    return {
        "qualification": row.qualification,
        "number": row.number,
        "issuer": row.issuer,
        "scope": row.scope,
        "valid_from": row.valid_from and row.valid_from.isoformat(),
        "valid_until": row.valid_until and row.valid_until.isoformat(),
        **row.extra,
    }


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def _whole_if(value: float | None) -> float | int | None:
    """Write 300 and not 300.0, as the file did."""
    return int(value) if value is not None and value.is_integer() else value
