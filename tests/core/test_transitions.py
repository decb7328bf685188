"""The one door of a status: every pair of every table, the log, the race."""

from itertools import product
from typing import Any

import pytest

from matching.models import Match
from platforms.models import Capability, Certificate, Platform
from requests.models import Need
from zhongshi.accounts.models import Zone
from zhongshi.core.errors import IllegalTransition, StaleTransition
from zhongshi.core.models import AuditEntry, Stateful
from zhongshi.core.transitions import advance

TABLES: list[type[Stateful]] = [Need, Match, Platform, Capability, Certificate]


def _platform(status: str = "draft") -> Platform:
    zone, _ = Zone.objects.get_or_create(code="Z", defaults={"name": "Z"})
    return Platform.objects.create(zone=zone, name="P", status=status)


@pytest.mark.parametrize("model", TABLES)
def test_tables_name_only_known_statuses(model: type[Stateful]) -> None:
    named = set(model.TRANSITIONS) | set().union(*model.TRANSITIONS.values())
    [constraint] = [c for c in model._meta.constraints if c.name.endswith("_status_known")]
    [(_, known)] = constraint.condition.children  # type: ignore[attr-defined]
    assert named <= set(known)


@pytest.mark.parametrize(("seen", "target"), list(product(Platform.TRANSITIONS, repeat=2)))
def test_every_pair_is_allowed_exactly_where_the_table_says(db: Any, seen: str, target: str) -> None:
    platform = _platform(seen)
    if target in Platform.TRANSITIONS[seen]:
        advance(platform, target, actor=None)
        platform.refresh_from_db()
        assert platform.status == target
    else:
        with pytest.raises(IllegalTransition):
            advance(platform, target, actor=None)
        platform.refresh_from_db()
        assert platform.status == seen
        assert AuditEntry.objects.count() == 0


def test_a_move_is_logged(db: Any) -> None:
    platform = _platform()

    advance(platform, "submitted", actor=None, note="first", zone_code="Z")

    entry = AuditEntry.objects.get()
    assert (entry.object_kind, entry.object_id) == ("platform", platform.uuid)
    assert (entry.action, entry.from_status, entry.to_status) == ("status", "draft", "submitted")
    assert (entry.note, entry.zone_code) == ("first", "Z")


def test_the_slower_of_two_is_told_and_changes_nothing(db: Any) -> None:
    platform = _platform()
    rival = Platform.objects.get(pk=platform.pk)
    advance(platform, "published", actor=None)

    with pytest.raises(StaleTransition):
        advance(rival, "submitted", actor=None)

    platform.refresh_from_db()
    assert platform.status == "published"
    assert AuditEntry.objects.count() == 1
