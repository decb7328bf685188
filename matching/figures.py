"""A zone's figures: how far its needs come, and how fast operators answer. Counted from the rows, nothing kept."""

from __future__ import annotations

from statistics import median
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from requests.enums import NeedStatus
from requests.models import Need
from zhongshi.accounts.models import Zone

from .enums import RELEASED, MatchStatus
from .models import Match, Quote, ScoringRun


def funnel(zone: Zone) -> dict[str, Any]:
    """How many needs of `zone` came how far, how operators answered, why they declined.

    {"funnel": [{"step", "count"}], "median_answer_hours": float | None, "answered_in_time": share 0..1 | None,
    "declined": [{"reason", "count"}]}. Each step counts needs, and those of a later step are among the earlier's.
    """
    answered = Match.objects.filter(need__zone=zone, answered_at__isnull=False, reviewed_at__isnull=False)
    times = list(answered.values_list("reviewed_at", "answered_at", "answer_due_at"))
    hours = [(then - given).total_seconds() / 3600 for given, then, _ in times if given and then]
    in_time = [then <= due for _, then, due in times if then and due]
    return {
        "funnel": [{"step": step, "count": count} for step, count in count_steps(submitted(zone)).items()],
        "median_answer_hours": round(median(hours), 1) if hours else None,
        "answered_in_time": round(sum(in_time) / len(in_time), 3) if in_time else None,
        "declined": _declined(zone),
    }


def submitted(zone: Zone) -> QuerySet[Need]:
    """The zone's needs that were ever handed in."""
    return Need.objects.filter(zone=zone).exclude(status=NeedStatus.DRAFT)


def came_to() -> dict[str, Exists | Q]:
    """For each step of the funnel what a need must have to count there, in the order of the steps."""
    matches = Match.objects.filter(need=OuterRef("pk"))
    handed_out = matches.filter(reviewed_at__isnull=False, answer_due_at__isnull=False)
    scored = Exists(ScoringRun.objects.filter(need=OuterRef("pk")))
    return {
        "submitted": Q(),
        "scored": scored,
        "matched": scored & Exists(matches),
        "approved": scored & Exists(handed_out),
        "accepted": scored & Exists(matches.filter(answered_at__isnull=False).exclude(status="declined")),
        "quoted": scored & Exists(Quote.objects.filter(match__need=OuterRef("pk"))),
        "chosen": scored & Exists(matches.filter(status__in=RELEASED)),
        "completed": scored & Q(status=NeedStatus.COMPLETED),
    }


def count_steps(needs: QuerySet[Need]) -> dict[str, int]:
    """{step: how many of `needs` came so far}, in the order of the steps; one query."""
    return needs.order_by().aggregate(**{step: Count("pk", filter=had) for step, had in came_to().items()})


def _declined(zone: Zone) -> list[dict[str, Any]]:
    rows = (
        Match.objects.filter(need__zone=zone, status=MatchStatus.DECLINED)
        .order_by()
        .values_list("decline_reason")
        .annotate(n=Count("pk"))
    )
    return [{"reason": reason, "count": count} for reason, count in sorted(rows, key=lambda pair: (-pair[1], pair[0]))]
