"""What lines of lists show is read once for each version of a listing."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from platforms.enums import FactKind
from platforms.models import Capability, Fact
from platforms.services.listings import touch
from platforms.views import row_parts
from platforms.views.row_parts import parts_of
from tests.factories import CapabilityFactory, FactFactory

pytestmark = pytest.mark.django_db


def _values(capability: Capability) -> list[str]:
    fresh = Capability.objects.get(pk=capability.pk)
    return [fact.value for fact in parts_of([fresh])[fresh.pk].facts]


def test_a_second_look_asks_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    rows = [FactFactory.create().capability for _ in range(3)]
    with django_assert_num_queries(2):
        first = parts_of(rows)
    with django_assert_num_queries(0):
        assert parts_of(rows) == first
    assert [len(first[row.pk].facts) for row in rows] == [1, 1, 1]


def test_only_what_is_missing_is_read(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    seen, fresh = FactFactory.create(value="发酵").capability, FactFactory.create(value="冻干").capability
    parts_of([seen])
    with django_assert_num_queries(2) as queries:
        parts = parts_of([seen, fresh])

    assert f"IN ({fresh.pk})" in queries.captured_queries[0]["sql"]
    assert [parts[row.pk].facts[0].value for row in (seen, fresh)] == ["发酵", "冻干"]


def test_a_changed_listing_is_read_anew() -> None:
    fact = FactFactory.create(value="发酵")
    assert _values(fact.capability) == ["发酵"]

    Fact.objects.filter(pk=fact.pk).update(value="冻干")
    touch(fact.capability.platform)

    assert _values(fact.capability) == ["冻干"]


def test_what_no_line_shows_is_left_out() -> None:
    capability = CapabilityFactory.create()
    FactFactory.create(capability=capability, value="发酵")
    FactFactory.create(capability=capability, value="抗生素", is_negated=True)
    FactFactory.create(capability=capability, value="涂布", is_lapsed=True)
    FactFactory.create(capability=capability, kind=FactKind.MATERIAL, value="硅碳")

    assert _values(capability) == ["发酵"]


def test_the_longest_unseen_goes_first(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(row_parts, "MOST_KEPT", 2)
    first, second, third = (CapabilityFactory.create() for _ in range(3))
    for row in (first, second, first, third):
        parts_of([row])

    with django_assert_num_queries(0):
        parts_of([first, third])
    with django_assert_num_queries(2):
        parts_of([second])
