"""Many rows at once: what one by one would have done, all or none."""

from __future__ import annotations

from typing import Any

import pytest

from platforms.models import Capability, Platform
from tests.factories import CapabilityFactory, PlatformFactory
from zhongshi.accounts.actors import Actor
from zhongshi.core import outbox
from zhongshi.core.batches import advance_all, emit_all, record_all
from zhongshi.core.errors import IllegalTransition, StaleTransition
from zhongshi.core.models import AuditEntry, OutboxEvent

pytestmark = pytest.mark.django_db


def _rows(status: str = "draft") -> list[Any]:
    platform = PlatformFactory.create(status=status)
    return [platform, *CapabilityFactory.create_batch(2, platform=platform, status=status)]


def test_rows_of_several_tables_move_and_each_move_is_logged(zone_admin: Actor, django_assert_num_queries: Any) -> None:
    rows = [*_rows(), *_rows("submitted")]
    with django_assert_num_queries(5):
        advance_all(rows, "published", actor=zone_admin.user, note="导入", zone_code="cd")

    assert {row.status for row in rows} == {"published"}
    assert set(Platform.objects.values_list("status", flat=True)) == {"published"}
    assert Capability.objects.filter(status="published", status_changed_at__isnull=False).count() == 4
    entries = AuditEntry.objects.filter(action="status", actor=zone_admin.user, note="导入", zone_code="cd")
    moves = sorted(entries.values_list("object_kind", "from_status", "to_status"))
    assert moves == [
        ("capability", "draft", "published"),
        ("capability", "draft", "published"),
        ("capability", "submitted", "published"),
        ("capability", "submitted", "published"),
        ("platform", "draft", "published"),
        ("platform", "submitted", "published"),
    ]
    assert {str(uuid) for uuid in entries.values_list("object_id", flat=True)} == {str(row.uuid) for row in rows}


def test_one_row_that_may_not_move_keeps_all_where_they_are() -> None:
    rows = [*_rows(), *_rows("returned")]
    with pytest.raises(IllegalTransition):
        advance_all(rows, "published", actor=None)

    assert not Platform.objects.filter(status="published").exists()
    assert not AuditEntry.objects.exists()


def test_a_row_that_has_moved_meanwhile_is_noticed() -> None:
    rows = _rows()
    Capability.objects.filter(pk=rows[1].pk).update(status="submitted")
    with pytest.raises(StaleTransition):
        advance_all(rows, "published", actor=None)


def test_facts_reach_every_subscriber_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(outbox._subscribers, "test.many", ["a.one", "a.two"])
    facts = {"k1": {"n": 1}, "k2": {"n": 2}}
    emit_all("test.many", facts)
    emit_all("test.many", {"k2": {"n": 9}, "k3": {"n": 3}})

    rows = OutboxEvent.objects.filter(topic="test.many").order_by("key", "handler")
    assert [(row.key, row.handler, row.payload["n"], row.state) for row in rows] == [
        ("k1", "a.one", 1, "pending"),
        ("k1", "a.two", 1, "pending"),
        ("k2", "a.one", 2, "pending"),
        ("k2", "a.two", 2, "pending"),
        ("k3", "a.one", 3, "pending"),
        ("k3", "a.two", 3, "pending"),
    ]


def test_a_deed_on_many_rows_is_one_query(zone_admin: Actor, django_assert_num_queries: Any) -> None:
    rows = _rows()
    with django_assert_num_queries(1):
        record_all("import.removed", rows, actor=zone_admin.user, zone_code="cd")

    assert AuditEntry.objects.filter(action="import.removed", actor=zone_admin.user, zone_code="cd").count() == 3
