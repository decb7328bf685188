"""The way of a zone's needs from hand-in to the end of the trial, and where most of them are lost."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet

from matching.enums import MatchStatus
from matching.figures import came_to, count_steps
from matching.models import Match, ScoringRun
from requests.models import Need

from .answers import reason_code


@dataclass(frozen=True, slots=True)
class Step:
    """How many needs came here; `share` of the step before, 0..1, None at the first and after an empty one."""

    code: str
    count: int
    share: float | None
    of_first: float


@dataclass(frozen=True, slots=True)
class Loss:
    """Where most needs stop: between which steps, how many, and the main reason `why` with how often it was met.

    `why` is a pair (group, code): ("need", need status), ("condition", kind of condition), ("status", match status),
    ("decline", the operator's reason), ("unfit", the enterprise's reason).
    """

    before: str
    after: str
    count: int
    share: float
    why: tuple[str, str] | None
    times: int


@dataclass(frozen=True, slots=True)
class Funnel:
    steps: list[Step]
    loss: Loss | None


def funnel_of(needs: QuerySet[Need]) -> Funnel:
    """The funnel of these needs; two queries at most."""
    counts = count_steps(needs)
    first = next(iter(counts.values()))
    steps: list[Step] = []
    before: int | None = None
    for code, count in counts.items():
        steps.append(Step(code, count, count / before if before else None, count / first if first else 0.0))
        before = count
    return Funnel(steps, _biggest_loss(needs, steps))


def _biggest_loss(needs: QuerySet[Need], steps: list[Step]) -> Loss | None:
    """The step that loses most needs, the earliest of equals; None where every need came to the end."""
    pairs = list(itertools.pairwise(steps))
    losses = [(earlier.count - later.count, earlier, later) for earlier, later in pairs]
    lost, earlier, later = max(losses, key=lambda item: item[0])
    if lost <= 0:
        return None
    why, times = _main_reason(needs, earlier.code, later.code)
    return Loss(earlier.code, later.code, lost, lost / earlier.count, why, times)


def _main_reason(needs: QuerySet[Need], before: str, after: str) -> tuple[tuple[str, str] | None, int]:
    """What most often kept the needs that came to `before` and not to `after`, as far as the rows say."""
    had = came_to()
    stuck = needs.filter(had[before]).exclude(pk__in=needs.filter(had[after]).values("pk")).order_by()
    if after == "scored":
        counts = Counter(("need", status) for status in stuck.values_list("status", flat=True))
    elif after == "matched":
        counts = _conditions(stuck)
    else:
        counts = _answers(stuck, as_leads=after != "approved")
    if not counts:
        return None, 0
    return min(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _conditions(needs: QuerySet[Need]) -> Counter[tuple[str, str]]:
    """For each kind of condition how many needs found it to exclude most listings."""
    counts: Counter[tuple[str, str]] = Counter()
    for excluded in newest_runs(needs).values_list("excluded", flat=True):
        if excluded:
            counts["condition", max(excluded, key=lambda one: one["count"])["kind"]] += 1
    return counts


def newest_runs(needs: QuerySet[Need]) -> QuerySet[ScoringRun]:
    """The scoring of each need's present revision."""
    present = Need.objects.filter(pk=OuterRef("need"), revision=OuterRef("revision"))
    return ScoringRun.objects.filter(Exists(present), need__in=needs.order_by()).order_by("pk")


def _answers(needs: QuerySet[Need], *, as_leads: bool) -> Counter[tuple[str, str]]:
    """For each way a match can end, or wait, how many matches of these needs did; refusals by their reason.

    `as_leads`: only those an operator has seen, for a step that lies behind the hand-over.
    """
    counts: Counter[tuple[str, str]] = Counter()
    rows = Match.objects.filter(need__in=needs).exclude(status=MatchStatus.WITHDRAWN).order_by()
    if as_leads:
        rows = rows.filter(answer_due_at__isnull=False)
    columns = ("status", "decline_code", "decline_reason", "dismissal__code")
    for status, code, reason, unfit, number in rows.values_list(*columns).annotate(n=Count("pk")):
        if status == MatchStatus.DECLINED:
            counts["decline", code or reason_code(reason)] += number
        else:
            counts[("unfit", unfit) if unfit else ("status", status)] += number
    return counts
