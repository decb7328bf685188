"""Undoing an import: exactly what it did, nothing that somebody did since."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from matching import catalogue
from platforms.facets import current_columns
from platforms.models import Capability, CapacitySlot, Fact, ImportJob, Platform
from platforms.selectors import catalogue_version, changed_since
from platforms.services.import_drafts import import_submit, imports_forget
from platforms.services.import_undo import import_undo
from tests.factories import MatchFactory
from tests.platforms.importing.sample import book, row
from tests.platforms.services.test_import_whole import dump, run_all
from zhongshi.accounts.actors import Actor
from zhongshi.core.errors import IllegalTransition, NotAllowed
from zhongshi.core.models import AuditEntry, OutboxEvent

pytestmark = pytest.mark.usefixtures("english")


def load(actor: Actor, *rows: list[object]) -> ImportJob:
    job = import_submit(actor=actor, file_name="a.xlsx", content=book(list(rows)))
    run_all("import.submitted")
    job.refresh_from_db()
    assert job.state == "done", job.errors
    return job


def undo(actor: Actor, job: ImportJob) -> dict[str, str]:
    """What became of each platform."""
    import_undo(actor=actor, job=job)
    run_all("import.undo")
    job.refresh_from_db()
    assert job.state == "undone"
    return dict(job.changes.values_list("name", "fate"))


def changed(cells: list[object], **columns: object) -> list[object]:
    places = {"platform": 0, "operator": 1, "capability": 4, "summary": 5, "processes": 6, "high": 9}
    made = list(cells)
    for name, value in columns.items():
        made[places[name]] = value
    return made


def test_an_office_import_is_gone_from_everywhere(zone_admin: Actor) -> None:
    load(zone_admin, row(100))
    before, listed, size = dump(), set(current_columns().rows), _indexed()
    job = load(zone_admin, row(0), row(1), row(2))
    assert len(current_columns().rows) == len(listed) + 3
    assert _indexed() == size + 3
    gone = set(Capability.objects.exclude(pk__in=listed).values_list("pk", flat=True))
    seen = catalogue_version()

    assert undo(zone_admin, job) == {"批量中试平台0": "removed", "批量中试平台1": "removed"}
    assert dump() == before
    assert {record.pk for record in changed_since(seen)} == gone
    assert not any(record.is_listed for record in changed_since(seen))
    assert set(current_columns().rows) == listed
    assert _indexed() == size


def _indexed() -> int:
    """How many capabilities this process would match."""
    with catalogue._catalogue.current() as (index, _version):
        return sum(record is not None for record in index.records)


def test_what_a_match_refers_to_is_suspended_and_said_so(zone_admin: Actor, need: Any) -> None:
    job = load(zone_admin, row(0), row(2))
    match = MatchFactory.create(need=need, capability=Capability.objects.get(name="发酵中试线0"))
    OutboxEvent.objects.filter(topic="listing.changed").delete()

    assert undo(zone_admin, job) == {"批量中试平台0": "suspended", "批量中试平台1": "removed"}
    platform = Platform.objects.get()
    assert (platform.status, platform.capabilities.get().status) == ("suspended", "suspended")
    match.refresh_from_db()
    events = OutboxEvent.objects.filter(topic="listing.changed", handler__contains="listing_match")
    assert [event.payload["platform_id"] for event in events] == [platform.pk]
    assert platform.capabilities.get().version == events[0].payload["version"]


def test_what_a_booking_refers_to_stays_as_well(operator: Actor) -> None:
    job = load(operator, row(0))
    line = Capability.objects.get()
    CapacitySlot.objects.create(capability=line, week="2027-03-01", state="booked", updated_by=operator.user)

    assert undo(operator, job) == {"批量中试平台0": "suspended"}
    # Never public, it goes back to its operator.
    assert Platform.objects.get().status == "returned"
    assert CapacitySlot.objects.count() == 1


def test_updates_are_put_back_and_later_changes_are_left(operator: Actor) -> None:
    load(operator, row(0), row(2), row(4))
    Fact.objects.filter(value="发酵").update(confirmed_at=timezone.now())
    before = dump()
    new = [changed(row(number), summary="改了", processes="干燥", high=9000) for number in (0, 2, 4)]
    job = load(operator, *new, changed(row(0), capability="新线"))
    assert job.counts == {"updated": 3, "created": 1}
    Capability.objects.filter(name="发酵中试线2").update(summary="手工改的")
    kept = {name: [line for line in lines if _of(line, "批量中试平台1")] for name, lines in dump().items()}

    fates = undo(operator, job)
    assert fates == {"批量中试平台0": "restored", "批量中试平台1": "changed", "批量中试平台2": "restored"}
    after = dump()
    for name in before:
        mine = [line for line in after[name] if not _of(line, "批量中试平台1")]
        assert mine == [line for line in before[name] if not _of(line, "批量中试平台1")], name
        assert [line for line in after[name] if _of(line, "批量中试平台1")] == kept[name]
    assert AuditEntry.objects.filter(action="import.restored").count() == 2


def _of(line: dict[str, Any], name: str) -> bool:
    """Whether the row belongs to the platform of that name."""
    if "capability_id" in line:
        return Capability.objects.filter(pk=line["capability_id"], platform__name=name).exists()
    return Platform.objects.filter(pk=line.get("platform_id", line["id"]), name=name).exists()


def test_a_later_import_of_the_same_stays(operator: Actor) -> None:
    first = load(operator, row(0))
    second = load(operator, changed(row(0), summary="第二次"))
    assert undo(operator, first) == {"批量中试平台0": "changed"}
    assert Capability.objects.get().summary == "第二次"

    assert undo(operator, second) == {"批量中试平台0": "restored"}
    assert Capability.objects.get().summary == row(0)[5]


def test_a_review_since_then_stays(operator: Actor) -> None:
    load(operator, row(0))
    Platform.objects.update(status="returned")
    Capability.objects.update(status="returned")
    job = load(operator, changed(row(0), summary="改好了"))
    assert Capability.objects.get().status == "submitted"
    Capability.objects.update(status="published")

    undo(operator, job)
    # The platform's status is what it was; the line's is what the office has given since.
    assert (Platform.objects.get().status, Capability.objects.get().status) == ("returned", "published")
    assert Capability.objects.get().summary == row(0)[5]


def test_only_its_organization_only_within_a_day_only_once(
    operator: Actor, operator2: Actor, enterprise: Actor
) -> None:
    job = load(operator, row(0))
    for actor in (operator2, enterprise):
        with pytest.raises(NotAllowed):
            import_undo(actor=actor, job=job)
    finished = job.finished_at
    ImportJob.objects.update(finished_at=timezone.now() - timedelta(hours=24, seconds=1))
    with pytest.raises(IllegalTransition):
        import_undo(actor=operator, job=job)
    assert Platform.objects.count() == 1

    ImportJob.objects.update(finished_at=finished)
    import_undo(actor=operator, job=job)
    import_undo(actor=operator, job=job)
    assert OutboxEvent.objects.filter(topic="import.undo").count() == 1


def test_an_undo_run_twice_undoes_once(operator: Actor) -> None:
    job = load(operator, row(0))
    undo(operator, job)
    load(operator, row(0))
    OutboxEvent.objects.filter(topic="import.undo").update(state="pending", done_at=None)
    run_all("import.undo")

    assert Platform.objects.count() == 1


def test_what_undoing_takes_is_cleared_away_after_a_day(operator: Actor) -> None:
    old, young = load(operator, row(0)), load(operator, row(2))
    ImportJob.objects.filter(pk=old.pk).update(finished_at=timezone.now() - timedelta(hours=25))
    draft = ImportJob.objects.create(organization=operator.organization, created_by=operator.user, state="draft")
    ImportJob.objects.filter(pk=draft.pk).update(created_at=timezone.now() - timedelta(days=8))

    assert imports_forget() == 1
    assert (old.changes.count(), young.changes.count()) == (0, 1)
    assert set(ImportJob.objects.values_list("pk", flat=True)) == {old.pk, young.pk}
