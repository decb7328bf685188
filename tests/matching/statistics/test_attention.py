"""What waits for somebody, of one zone; and the table of chains and stages with its levels."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from matching.models import Match
from matching.statistics.attention import MOST, attention
from matching.statistics.heat import HeatCell, heat_of
from matching.statistics.workdays import workdays_before
from requests.models import Need
from tests.factories import (
    CapabilityFactory,
    ConditionFactory,
    FactFactory,
    MatchFactory,
    NeedFactory,
    OrganizationFactory,
    PlatformFactory,
    ScoringRunFactory,
)
from zhongshi.accounts.models import Zone
from zhongshi.core.models import OutboxEvent
from zhongshi.vocabulary.models import Term

NOW = timezone.now()


def _need(zone: Zone, **values: Any) -> Need:
    return NeedFactory.create(organization=OrganizationFactory.create(zone=zone), **values)


def _lead(zone: Zone, hours: float) -> Match:
    """A lead with so many hours left."""
    match = MatchFactory.create(need=_need(zone), approved=True)
    Match.objects.filter(pk=match.pk).update(answer_due_at=NOW + timedelta(hours=hours))
    return match


def test_names_what_is_late_unanswered_and_unmet(zone: Zone, other_zone: Zone) -> None:
    late = _need(zone, status="submitted", status_changed_at=workdays_before(NOW, 3))
    _need(zone, status="submitted", status_changed_at=NOW)
    over, soon = _lead(zone, -1), _lead(zone, 11)
    _lead(zone, 13)
    unmet = _need(zone)
    ScoringRunFactory.create(need=unmet)
    for elsewhere in (_lead(other_zone, -1).need, _need(other_zone)):
        ScoringRunFactory.create(need=elsewhere, revision=99)

    found = attention(zone, NOW, 100)

    assert [item.row for item in found.reviews] == [late]
    assert (found.leads, found.needs) == ([over, soon], [unmet])
    assert (found.reviews_count, found.leads_count, found.needs_count, found.dead, found.total) == (1, 2, 1, 0, 4)


def test_shows_the_first_few_and_counts_all(zone: Zone) -> None:
    for hours in range(MOST + 2):
        _lead(zone, -hours - 1)

    found = attention(zone, NOW, 100)

    assert (len(found.leads), found.leads_count) == (MOST, MOST + 2)


def test_work_the_service_gave_up_is_counted(zone: Zone) -> None:
    for state in ("dead", "done", "pending"):
        OutboxEvent.objects.create(topic="t", handler="h", key=state, state=state, available_at=NOW)

    assert attention(zone, NOW, 100).dead == 1


@pytest.mark.parametrize(
    ("count", "level"), [(0, 0), (1, 1), (2, 1), (3, 2), (6, 2), (7, 3), (11, 3), (12, 4), (16, 4), (17, 5), (900, 5)]
)
def test_a_cell_has_its_level(count: int, level: int) -> None:
    assert HeatCell("PILOT", count, 0, 0).level == level


def test_the_table_is_of_the_zone_and_leaves_out_what_is_not_its_trade(zone: Zone, other_zone: Zone) -> None:
    for code, name in (("BIO", "生物制造"), ("MAT", "新材料"), ("IC", "集成电路")):
        Term.objects.create(kind="chain", code=code, name_zh=name)
    Term.objects.create(kind="stage", code="PILOT", name_zh="中试")
    for place, chain in ((zone, "生物制造"), (other_zone, "新材料")):
        platform = PlatformFactory.create(zone=place, chains=[chain])
        FactFactory.create(capability=CapabilityFactory.create(platform=platform), kind="stage", value="PILOT")
    ConditionFactory.create(need=_need(other_zone), kind="chain", value="集成电路")

    own, wide = heat_of(zone), heat_of(zone, all_supply=True)

    assert [(row.code, [cell.capabilities for cell in row.cells]) for row in own.rows] == [("BIO", [1])]
    assert [row.code for row in own.blank] == ["MAT", "IC"]
    assert [row.code for row in wide.rows] == ["BIO", "MAT"]
    assert (own.gaps, len(heat_of(zone, chain="新材料").rows)) == (0, 0)
