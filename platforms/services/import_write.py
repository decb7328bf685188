"""Plans of an import are carried out: many platforms at once, one tick of the clock, one fact a platform.

What `listings.platform_load` does to one platform, with a number of queries that does not grow with the rows. Facts
that say the same stay as they are, so that what somebody confirmed stays confirmed.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from platforms.enums import FactSource, ListingStatus
from platforms.models import (
    Capability,
    CapacitySlot,
    CatalogueClock,
    Certificate,
    Equipment,
    Fact,
    FreePeriod,
    Platform,
)
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.rules import takes_part
from zhongshi.core.batches import advance_all, emit_all
from zhongshi.vocabulary.lexicons import current_lexicon

from .import_plan import CREATED, UNCHANGED, Part, Plan, said
from .listings import declared_facts, read_facts, set_capability, set_platform, tick
from .periods import follow_stated_weeks
from .validity import mark_lapsed

_PAPER = {"qualification", "number", "issuer", "scope", "valid_from", "valid_until"}


@dataclass(slots=True)
class _Facts:
    """Facts of many capabilities: to come, to be moved, to go."""

    new: list[Fact] = field(default_factory=list)
    moved: list[Fact] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)


def hold_clock() -> None:
    """Wait for whoever writes listings now; what is read after this stays until the transaction ends."""
    if not list(CatalogueClock.objects.select_for_update().filter(pk=1)):
        tick()


def write(plans: Sequence[Plan], actor: Actor) -> None:
    """Carry out the plans of one batch, made in this transaction under the clock's lock.

    An operator's listings are submitted for review, where the operator takes part; the zone office's are published.
    """
    changed = [plan for plan in plans if plan.is_changed]
    version = tick() if changed else 0
    _write_platforms(changed, actor)
    _write_certificates(changed)
    _write_capabilities(changed, version)
    moved = _moved_on(plans, actor)
    touched = {plan.platform.pk: plan.platform for plan in changed} | moved
    if moved and not version:
        version = tick()
    _report(touched, version)


def _write_platforms(plans: Sequence[Plan], actor: Actor) -> None:
    now, today = timezone.now(), timezone.localdate()
    for plan in plans:
        if plan.is_head_new:
            set_platform(plan.platform, plan.head)
        plan.platform.digest, plan.platform.dated_on = plan.digest, today
        plan.platform.updated_at = now
        if not actor.is_zone_admin:
            plan.platform.organization = actor.organization
    known = [plan.platform for plan in plans if not plan.is_new]
    Platform.objects.bulk_create([plan.platform for plan in plans if plan.is_new])
    Platform.objects.bulk_update(known, _columns_of(Platform), batch_size=200)


def _columns_of(model: Any) -> list[str]:
    """All but what never changes, and the status, which has its own door."""
    fixed = {"id", "uuid", "status", "status_changed_at", "created_at"}
    return [column.name for column in model._meta.concrete_fields if column.name not in fixed]  # noqa: SLF001


def _write_certificates(plans: Sequence[Plan]) -> None:
    stated = [plan for plan in plans if plan.certificates is not None]
    if not stated:
        return
    owners = [plan.platform.pk for plan in stated]
    Certificate.objects.filter(platform__in=owners, entered_by=None).delete()
    Certificate.objects.bulk_create(
        Certificate(
            platform=plan.platform,
            status=ListingStatus.PUBLISHED,
            **{name: record[name] for name in _PAPER if record.get(name)},
            extra={key: value for key, value in record.items() if key not in _PAPER},
        )
        for plan in stated
        for record in plan.certificates or []
    )


def _write_capabilities(plans: Sequence[Plan], version: int) -> None:
    written = [(plan, part) for plan in plans for part in plan.parts if part.outcome != UNCHANGED]
    now = timezone.now()
    for _, part in written:
        set_capability(part.row, part.record)
        part.row.updated_at = now
    for plan in plans:
        _place(plan, version)
    Capability.objects.bulk_create([part.row for _, part in written if part.outcome == CREATED])
    known = [part.row for _, part in written if part.outcome != CREATED]
    Capability.objects.bulk_update(known, _columns_of(Capability), batch_size=200)
    _write_facts([*written, *_read_anew(plans)])
    _write_periods([part for _, part in written])
    _write_equipment([part for _, part in written])
    _follow_weeks([part.row.pk for _, part in written])
    gone = [row.pk for plan in plans for row in plan.gone]
    if gone:
        Capability.objects.filter(pk__in=gone).update(status=ListingStatus.SUSPENDED)
    # All of them: a sibling's processes count as the platform's, so one that comes or changes changes the others.
    Capability.objects.filter(platform__in=[plan.platform.pk for plan in plans]).update(version=version)
    _mark_lapsed(plans)


def _read_anew(plans: Sequence[Plan]) -> list[tuple[Plan, Part]]:
    """Capabilities that stay as they are below a platform that does not: its words are read with theirs."""
    heads = [plan for plan in plans if plan.is_head_new and not plan.is_new]
    same = [(plan, part) for plan in heads for part in plan.parts if part.outcome == UNCHANGED]
    return same + [(plan, Part(row, said(row), UNCHANGED, is_whole=False)) for plan in heads for row in plan.others]


def _place(plan: Plan, version: int) -> None:
    """New capabilities come behind those that stay."""
    last = max((row.position for row in plan.others), default=-1)
    for part in plan.parts:
        if part.outcome == CREATED:
            last += 1
            part.row.position = last
        last = max(last, part.row.position)
        part.row.version = version


def _mark_lapsed(plans: Sequence[Plan]) -> None:
    """Only where there are papers: without one nothing can run out."""
    owners = [plan.platform.pk for plan in plans]
    with_papers = set(Certificate.objects.filter(platform__in=owners).values_list("platform", flat=True))
    for plan in plans:
        if plan.platform.pk in with_papers:
            mark_lapsed(plan.platform, today=timezone.localdate())


def _write_facts(written: Iterable[tuple[Plan, Part]]) -> None:
    facts, lexicon = _Facts(), current_lexicon()
    for plan, part in written:
        source_date = str((plan.head.get("source") or {}).get("date") or "")
        wanted = [*declared_facts(part.row, part.record), *read_facts(part.row, plan.head, part.record, lexicon)]
        for position, fact in enumerate(wanted):
            fact.position, fact.source_date = position, source_date
        _compare(part, wanted, facts)
    Fact.objects.filter(pk__in=facts.gone).delete()
    Fact.objects.bulk_update(facts.moved, ["position", "source_date"], batch_size=500)
    Fact.objects.bulk_create(facts.new, batch_size=2_000)


def _compare(part: Part, wanted: Sequence[Fact], facts: _Facts) -> None:
    held: dict[str, list[Fact]] = defaultdict(list)
    if part.outcome != CREATED:
        for fact in part.row.facts.all():
            if fact.source != FactSource.ANSWERED:
                held[_content(fact)].append(fact)
    for fact in wanted:
        alike = held[_content(fact)]
        if not alike:
            facts.new.append(fact)
            continue
        old = alike.pop(0)
        if (old.position, old.source_date) != (fact.position, fact.source_date):
            old.position, old.source_date = fact.position, fact.source_date
            facts.moved.append(old)
    facts.gone += [fact.pk for rest in held.values() for fact in rest]


def _content(fact: Fact) -> str:
    amount = [fact.quantity, fact.low, fact.high, fact.unit, fact.count]
    numbers = [float(value) if isinstance(value, int) else value for value in amount]
    words = [fact.source, fact.kind, fact.value, fact.text, fact.is_negated, fact.confidence, fact.extra]
    return json.dumps([numbers, words], sort_keys=True, default=str)


def _write_periods(parts: Sequence[Part]) -> None:
    stated = [part for part in parts if part.is_whole or part.record.get("availability") is not None]
    FreePeriod.objects.filter(capability__in=[part.row.pk for part in stated if part.outcome != CREATED]).delete()
    FreePeriod.objects.bulk_create(
        FreePeriod(
            capability=part.row,
            starts_on=date.fromisoformat(period["from"]),
            ends_on=date.fromisoformat(period["to"]),
        )
        for part in stated
        for period in part.record.get("availability") or []
    )


def _follow_weeks(capabilities: Sequence[int]) -> None:
    """Where the operator stated weeks at its desk they go before the file's free days; read anew, not as fetched."""
    for row in Capability.objects.filter(
        Exists(CapacitySlot.objects.filter(capability=OuterRef("pk"))), pk__in=capabilities
    ):
        follow_stated_weeks(row)


def _write_equipment(parts: Sequence[Part]) -> None:
    """Devices of the same name and model stay the rows they are: weeks of capacity hang on them."""
    new: list[Equipment] = []
    kept: list[Equipment] = []
    gone: list[int] = []
    for part in parts:
        held: dict[tuple[str, str], list[Equipment]] = defaultdict(list)
        if part.outcome != CREATED:
            for device in part.row.equipment.all():
                held[device.name, device.model].append(device)
        for record in part.record.get("equipment") or []:
            mark = (str(record.get("name") or ""), str(record.get("model") or ""))
            if held[mark]:
                kept.append(held[mark].pop(0))
                kept[-1].extra = dict(record)
            else:
                new.append(Equipment(capability=part.row, name=mark[0], model=mark[1], extra=dict(record)))
        gone += [device.pk for rest in held.values() for device in rest]
    Equipment.objects.filter(pk__in=gone).delete()
    Equipment.objects.bulk_update(kept, ["extra"], batch_size=500)
    Equipment.objects.bulk_create(new)


def _moved_on(plans: Sequence[Plan], actor: Actor) -> dict[int, Platform]:
    """Submit or publish what may be; {primary key: platform} of those published now."""
    if not actor.is_zone_admin and not takes_part(actor.organization):
        return {}
    target = ListingStatus.PUBLISHED if actor.is_zone_admin else ListingStatus.SUBMITTED
    moving = {plan.platform.pk: _movable(plan, target) for plan in plans}
    rows = [row for found in moving.values() for row in found]
    if rows:
        advance_all(rows, target, actor=actor.user, zone_code=actor.zone.code)
    if target != ListingStatus.PUBLISHED:
        return {}
    return {plan.platform.pk: plan.platform for plan in plans if moving[plan.platform.pk]}


def _movable(plan: Plan, target: str) -> list[Any]:
    rows = [plan.platform, *(part.row for part in plan.parts), *plan.others]
    return [row for row in rows if target in row.TRANSITIONS[row.status] and row.status != ListingStatus.SUSPENDED]


def _report(touched: dict[int, Platform], version: int) -> None:
    """Emit one fact for each platform as it now stands; a listing that was never public concerns no need."""
    public = {ListingStatus.PUBLISHED, ListingStatus.SUSPENDED}
    shown = [row for row in touched.values() if row.status in public]
    if not shown:
        return
    Capability.objects.filter(platform__in=[row.pk for row in shown]).exclude(version=version).update(version=version)
    facts: dict[str, dict[str, Any]] = {
        f"listing:{row.uuid}:{version}": {"platform_id": row.pk, "version": version} for row in shown
    }
    emit_all("listing.changed", facts)
