"""Supply in the shapes others read: exchange records, and the stored facts beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from django.utils import timezone

from zhongshi.vocabulary import reading

from .enums import FactKind, FactSource
from .models import Capability, CatalogueClock, Fact, FreePeriod, Platform, RemovedCapability

_LISTS = {
    "stages": FactKind.STAGE,
    "services": FactKind.SERVICE,
    "processes": FactKind.PROCESS,
    "materials": FactKind.MATERIAL,
    "qualifications": FactKind.QUALIFICATION,
}
_NAME_OF = {kind.value: name for name, kind in _LISTS.items()}
# Plain strings: comparing with a member of a Django enumeration takes several times as long.
_DECLARED, _ANSWERED, _PARAMETER = FactSource.DECLARED.value, FactSource.ANSWERED.value, FactKind.PARAMETER.value
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


class _Line(NamedTuple):
    """What the engine takes of a capability. A restart reads all of them, and model rows cost several times as much."""

    pk: int
    version: int
    status: str
    platform_id: int
    name: str
    summary: str
    small_batch: bool | None
    price: Any
    is_availability_known: bool
    trl_from: int | None
    trl_to: int | None
    extra: dict[str, Any]


class _PlatformLine(NamedTuple):
    pk: int
    status: str
    name: str
    operator_name: str
    operator_kind: str
    country: str
    region: str
    city: str
    chains: list[str]
    level: str
    operating_status: str
    source_url: str
    source_date: str
    source_grade: str
    extra: dict[str, Any]


class _FactLine(NamedTuple):
    capability_id: int
    kind: str
    value: str
    quantity: str
    low: float | None
    high: float | None
    unit: str
    count: float | None  # type: ignore[assignment] # the column; nobody counts the tuple
    text: str
    source: str
    confidence: float
    is_negated: bool
    source_date: str


class _Sibling(NamedTuple):
    pk: int
    platform_id: int
    status: str
    name: str


class _Days(NamedTuple):
    starts_on: date
    ends_on: date


def catalogue_version() -> int:
    """The catalogue clock: grows with every committed change of a listing."""
    return CatalogueClock.objects.values_list("value", flat=True).first() or 0


def changed_since(version: int) -> Iterator[CapabilityRecord]:
    """Capabilities changed after `version`, listed or not, in batches; the ids are the primary keys.

    As of today: a qualification whose certificate has run out and free days gone by are left out. When a day makes a
    difference, `listings_age` moves the version.
    """
    today = timezone.localdate()
    changed = Capability.objects.filter(version__gt=version).order_by("version", "pk")
    rows = map(_Line._make, changed.values_list(*_Line._fields).iterator(chunk_size=AT_ONCE))
    while batch := list(islice(rows, AT_ONCE)):
        yield from _engine_records(batch, today)
    for pk in removed_since(version):
        yield CapabilityRecord(pk, version + 1, False, {}, {}, ())


def removed_since(version: int) -> list[int]:
    """Primary keys of capabilities that went for good after `version`, so that nobody keeps them in memory."""
    gone = RemovedCapability.objects.filter(version__gt=version).order_by("pk")
    return list(gone.values_list("capability_id", flat=True))


def _engine_records(rows: Sequence[_Line], today: date) -> Iterator[CapabilityRecord]:
    owners = {row.platform_id for row in rows}
    platforms = _platforms(owners)
    periods = _periods_by_capability([row.pk for row in rows])
    siblings: dict[int, list[_Sibling]] = defaultdict(list)
    lines = Capability.objects.filter(platform__in=owners).values_list(*_Sibling._fields)
    for line in map(_Sibling._make, lines):
        siblings[line.platform_id].append(line)
    facts = _facts_by_capability([line.pk for lines in siblings.values() for line in lines])
    for row in rows:
        alike = [line for line in siblings[row.platform_id] if line.status == row.status]
        # A sibling's processes count as the platform's, so the record needs their lists as well.
        lists = [_lists(line, facts[line.pk]) for line in alike]
        free = _coming(periods[row.pk], today, is_known=row.is_availability_known)
        yield _engine_record(row, platforms[row.platform_id], facts[row.pk], free, lists)


def _platforms(owners: Collection[int]) -> dict[int, _PlatformLine]:
    lines = Platform.objects.filter(pk__in=owners).values_list(*_PlatformLine._fields)
    return {line.pk: line for line in map(_PlatformLine._make, lines)}


def _facts_by_capability(pks: Collection[int]) -> Mapping[int, list[_FactLine]]:
    standing = Fact.objects.filter(capability__in=pks, is_lapsed=False)
    found: dict[int, list[_FactLine]] = defaultdict(list)
    for fact in map(_FactLine._make, standing.values_list(*_FactLine._fields)):
        found[fact.capability_id].append(fact)
    return found


def _periods_by_capability(pks: Collection[int]) -> Mapping[int, list[_Days]]:
    found: dict[int, list[_Days]] = defaultdict(list)
    for pk, *days in FreePeriod.objects.filter(capability__in=pks).values_list("capability_id", *_Days._fields):
        found[pk].append(_Days(*days))
    return found


def _engine_record(
    row: _Line,
    platform: _PlatformLine,
    facts: Sequence[_FactLine],
    free: list[dict[str, str]] | None,
    siblings: list[dict[str, Any]],
) -> CapabilityRecord:
    head = _platform_fields(str(platform.pk), platform)
    head["capabilities"] = siblings
    return CapabilityRecord(
        pk=row.pk,
        version=row.version,
        is_listed=row.status == "published" and platform.status == "published",
        platform=head,
        capability=_capability_fields(str(row.pk), row, facts, free),
        read=tuple(_reading_fact(fact) for fact in facts if not _is_declared(fact)),
    )


def _lists(line: _Sibling, facts: Sequence[_FactLine]) -> dict[str, Any]:
    return {"id": str(line.pk), "name": line.name, **_values([fact for fact in facts if _is_declared(fact)])}


def _values(declared: Iterable[Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {name: [] for name in _LISTS}
    for fact in declared:
        if fact.kind in _NAME_OF:
            found[_NAME_OF[fact.kind]].append(fact.value)
    return found


def _is_declared(fact: Any) -> bool:
    return bool(fact.source == _DECLARED)


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
        source="answered" if fact.source == _ANSWERED else "read",
        date=fact.source_date if fact.source == _ANSWERED else "",
    )


def platform_record(platform: Platform) -> dict[str, Any]:
    """The platform with its capabilities as a line of the exchange format."""
    capabilities = platform.capabilities.prefetch_related("facts", "free_periods", "equipment").order_by(
        "position", "pk"
    )
    record = platform_head(platform) | {
        "capabilities": [capability_record(row, list(row.facts.all())) for row in capabilities]
    }
    certificates = [certificate_record(row) for row in platform.certificates.all()]
    if certificates:
        record["certificates"] = certificates
    return record


def platform_head(platform: Platform) -> dict[str, Any]:
    """The platform's own fields in the exchange format."""
    return _platform_fields(platform.external_id or str(platform.uuid), platform)


def _platform_fields(identity: str, platform: Platform | _PlatformLine) -> dict[str, Any]:
    source = None
    if platform.source_url or platform.source_date or platform.source_grade:
        source = {
            "url": platform.source_url or None,
            "date": platform.source_date or None,
            "grade": platform.source_grade or None,
        }
    return {
        "id": identity,
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
    return _capability_fields(row.external_id or str(row.uuid), row, facts, _availability(row))


def _capability_fields(
    identity: str, row: Capability | _Line, facts: Iterable[Any], availability: list[dict[str, str]] | None
) -> dict[str, Any]:
    declared = [fact for fact in facts if _is_declared(fact)]
    record: dict[str, Any] = {"id": identity, "name": row.name, "summary": row.summary, **_values(declared)}
    record["parameters"] = [_parameter_record(fact) for fact in declared if fact.kind == _PARAMETER]
    record["small_batch"] = row.small_batch
    record["price"] = row.price
    record["availability"] = availability
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


def _coming(periods: Sequence[_Days], today: date, *, is_known: bool) -> list[dict[str, str]] | None:
    """Free periods from today on. A calendar that has run out says nothing of the days to come: None, not "full"."""
    coming = [
        {"from": max(period.starts_on, today).isoformat(), "to": period.ends_on.isoformat()}
        for period in periods
        if period.ends_on >= today
    ]
    return coming if coming or (is_known and not periods) else None


def certificate_record(row: Any) -> dict[str, Any]:
    """A certificate in the exchange format."""
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
