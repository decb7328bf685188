"""The desk at a glance: what waits, what ends soon, what to do next."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from matching.desk_figures import desk_figures
from matching.enums import MatchStatus
from matching.models import Match
from matching.selectors import shown_leads
from matching.templatetags.match_tags import URGENT_HOURS
from platforms.desk.gaps import gaps_of
from platforms.desk.grid import grid_of, lines_of, weeks_from
from platforms.enums import ListingStatus
from platforms.models import Capability, Certificate
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.frame import workspace_page

from .desk_lead import scale_of

_SHOWN = 5
_SOON = timedelta(days=90)


@workspace_page(Role.OPERATOR)
@require_safe
def overview(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The next leads, this week and the following, certificates that end, and what listings leave unsaid."""
    today = timezone.localdate()
    waiting = shown_leads(Match.objects.for_operator(actor).filter(status=MatchStatus.APPROVED))
    shown = waiting.prefetch_related("need__conditions")[:_SHOWN]
    weeks = weeks_from(today, 4)
    context = {
        "actor": actor,
        "waiting": [(match, scale_of(match)) for match in shown],
        "counts": _counts(actor),
        "figures": desk_figures(actor, now=timezone.now()),
        "rows": grid_of(lines_of(actor, weeks), weeks)[:8],
        "papers": _ending(actor),
        "report": gaps_of(list(_services(actor).values_list("pk", flat=True))),
        "listings": _services(actor).aggregate(
            published=Count("pk", filter=Q(status=ListingStatus.PUBLISHED)),
            unfinished=Count("pk", filter=Q(status__in=[ListingStatus.DRAFT, ListingStatus.RETURNED])),
        ),
    }
    return render(request, "matching/desk_home.html", context)


def _services(actor: Actor) -> Any:
    return Capability.objects.visible_to(actor).filter(platform__organization=actor.organization)


def _counts(actor: Actor) -> dict[str, int]:
    rows = Match.objects.for_operator(actor)
    soon = timezone.now() + timedelta(hours=URGENT_HOURS)
    return rows.aggregate(
        waiting=Count("pk", filter=Q(status=MatchStatus.APPROVED)),
        urgent=Count("pk", filter=Q(status=MatchStatus.APPROVED, answer_due_at__lt=soon)),
        owed=Count("pk", filter=Q(status=MatchStatus.ACCEPTED)),
    )


def _ending(actor: Actor) -> list[Certificate]:
    """Published papers that end within ninety days or have ended, without a successor on its way."""
    rows = Certificate.objects.filter(platform__organization=actor.organization, status=ListingStatus.PUBLISHED)
    ending = rows.filter(valid_until__lte=timezone.localdate() + _SOON, renewals=None)
    return list(ending.order_by("valid_until", "pk")[:_SHOWN])
