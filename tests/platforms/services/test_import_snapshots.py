"""Reading all rows of many platforms at once stays quick whatever PostgreSQL believes about the tables."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from platforms.models import Capability, Platform
from platforms.selectors import changed_since
from platforms.services.import_snapshots import TABLES, take
from tests.platforms.importing.sample import row
from tests.platforms.services.test_import_undo import load
from zhongshi.accounts.actors import Actor


def joined(queries: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in queries.captured_queries if " JOIN " in query["sql"]]


@pytest.fixture
def platforms(operator: Actor) -> list[int]:
    load(operator, row(0), row(1), row(2))
    return list(Platform.objects.values_list("pk", flat=True))


def test_a_snapshot_holds_every_row_of_its_platform_and_no_other(platforms: list[int]) -> None:
    found = take(platforms[:1])
    assert list(found) == platforms[:1]
    own: dict[str, Any] = {"platform": {"pk": platforms[0]}}
    for name in ("certificate", "capability"):
        own[name] = {"platform": platforms[0]}
    for name in ("fact", "free_period", "equipment"):
        own[name] = {"capability__platform": platforms[0]}
    for name, (model, _column) in TABLES.items():
        rows: Any = model._default_manager.filter(**own[name]).order_by("pk")
        assert [held["id"] for held in found[platforms[0]][name]] == list(rows.values_list("pk", flat=True))
    assert found[platforms[0]]["fact"]


def test_a_snapshot_of_many_is_six_queries_without_a_join(platforms: list[int]) -> None:
    with CaptureQueriesContext(connection) as queries:
        take(platforms)
    assert len(queries) == 6
    assert joined(queries) == []


def test_the_engine_reads_changed_listings_without_a_join(platforms: list[int]) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert len(list(changed_since(0))) == Capability.objects.count()
    assert [sql for sql in joined(queries) if "platforms_fact" in sql] == []
