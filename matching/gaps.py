"""Which blanks of an operator's listings needs ran into: counted over needs that did not become its leads.

Only numbers and names of fields leave this module. A value is named when at least three needs asked for it, so that
no single need can be recognised; below that it counts under its kind. A confidential need is not counted at all:
whoever watches the numbers would see it come.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from matching import catalogue
from matching.enums import AS_LEAD
from matching.models import Match
from platforms.desk.gaps import Gap, GapReport
from requests.models import Need
from requests.records import condition_record
from zhongshi.vocabulary.enums import ConditionKind
from zhongshi.vocabulary.labels import kind_label, quantity_label, value_label

Record = Mapping[str, Any]
DAYS = 90
MOST_NEEDS = 200
SHOWN = 3
NAMED_FROM = 3
# A time or a budget is answered by the calendar and the quote, a place by the platform.
_FIELDS = frozenset({"chain", "stage", "service", "process", "material", "qualification", "hazard", "parameter"})
Field = tuple[str, str]


def gap_report(capabilities: Sequence[int]) -> GapReport:
    """The three fields most needs found blank in these listings, over the newest 200 needs of the last 90 days.

    Near misses count: each need is held against each listing as the engine would now, and pairs that violate a "must"
    or are a lead already are left out.
    """
    leads = Match.objects.filter(capability__in=capabilities, status__in=AS_LEAD, reviewed_at__isnull=False)
    known = set(leads.order_by().values_list("need_id", flat=True))
    records = {need.pk: _conditions_of(need) for need in _needs() if need.pk not in known}
    if not records:
        return GapReport(days=DAYS)
    asked: dict[Field, set[int]] = defaultdict(set)
    for pk, indexes in catalogue.left_open(capabilities, records).items():
        for field in _blank(records[pk][index] for index in indexes):
            asked[field].add(pk)
    return _report(_named(asked))


def _needs() -> list[Need]:
    since = timezone.now() - timedelta(days=DAYS)
    rows = Need.objects.open().countable().filter(updated_at__gte=since).prefetch_related("conditions")
    return list(rows.order_by("-pk")[:MOST_NEEDS])


def _conditions_of(need: Need) -> list[Record]:
    return [condition_record(row) for row in need.conditions.all()]


def _blank(conditions: Iterable[Record]) -> Iterable[Field]:
    for record in conditions:
        kind = str(record["kind"])
        if kind not in _FIELDS:
            continue
        if kind == ConditionKind.PARAMETER:
            yield kind, str(record.get("quantity") or "")
            continue
        values = record.get("value")
        for value in values if isinstance(values, list) else [values]:
            yield kind, str(value or "")


def _named(asked: Mapping[Field, set[int]]) -> dict[Field, set[int]]:
    """The fields as they may be told: a value few asked for goes under its kind."""
    told: dict[Field, set[int]] = defaultdict(set)
    for (kind, value), needs in asked.items():
        is_common = len(needs) >= NAMED_FROM or kind == ConditionKind.PARAMETER
        told[kind, value if is_common else ""] |= needs
    return told


def _report(told: Mapping[Field, set[int]]) -> GapReport:
    ranked = sorted(told.items(), key=lambda item: (-len(item[1]), item[0]))[:SHOWN]
    needs = set().union(*(found for _field, found in ranked)) if ranked else set()
    return GapReport([Gap(_label(field), len(found)) for field, found in ranked], len(needs), DAYS)


def _label(field: Field) -> str:
    kind, value = field
    if kind == ConditionKind.PARAMETER:
        return quantity_label(value) if value else kind_label(kind)
    return f"{kind_label(kind)}：{value_label(kind, value)}" if value else kind_label(kind)
