"""The zone's dashboard: four numbers, the coverage of its chains, the funnel of its needs, what waits for somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from matching.reviewing.queues import waiting
from matching.statistics.attention import attention
from matching.statistics.funnels import funnel_of
from matching.statistics.gaps import chain_named, gap_of
from matching.statistics.heat import LEVELS, heat_of
from matching.statistics.numbers import needs_of, numbers, within
from matching.statistics.periods import Period, month_of, offered_periods, period_named
from matching.statistics.workbooks import dashboard_workbook
from matching.statistics.workdays import LATE_AFTER, workdays_before
from matching.zone_rules import rules_in_force
from requests.views.frame import show, workspace_page
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core.fragments import page_or_part
from zhongshi.core.workbooks import CONTENT_TYPE
from zhongshi.vocabulary.enums import TermKind
from zhongshi.vocabulary.models import Term


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address asks the dashboard for."""

    period: Period
    chain: str
    all_supply: bool


def choice_of(request: HttpRequest, now: datetime) -> Choice:
    """The period, chain and supply of the address; the running month, all chains, one's own platforms by default."""
    today = timezone.localdate(now)
    return Choice(
        period=period_named(request.GET.get("period", "")) or month_of(today),
        chain=chain_named(request.GET.get("chain", "")) if request.GET.get("chain") else "",
        all_supply=request.GET.get("supply") == "all",
    )


@workspace_page(Role.ZONE_ADMIN)
@require_GET
def park_home(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The dashboard; `?period=2026-11|2026-Q4|2026&chain=&supply=all` narrow it, `&download=xlsx` gives the file."""
    now = timezone.now()
    choice = choice_of(request, now)
    figures = _figures(actor, choice, now)
    if request.GET.get("download") == "xlsx":
        return _file(actor, choice, figures, now)
    context = figures | {
        "now": now,
        "choice": choice,
        "periods": offered_periods(timezone.localdate(now)),
        "chains": Term.objects.filter(kind=TermKind.CHAIN).order_by("pk").values_list("code", "name_zh"),
        "legend": _legend(),
        "attention": attention(actor.zone, now, rules_in_force(actor.zone).policy.lead_limit),
        "answered_target": settings.LEAD_ANSWERED_TARGET,
        "first_word_target": settings.FIRST_WORD_TARGET_HOURS,
        "answer_hours": settings.LEAD_ANSWER_HOURS,
        "late_after": LATE_AFTER,
    }
    return page_or_part(request, "matching/park_home.html", "matching/park_home_part.html", context)


def _figures(actor: Actor, choice: Choice, now: datetime) -> dict[str, Any]:
    needs = within(needs_of(actor.zone, choice.chain), choice.period.span)
    return {
        "numbers": numbers(actor.zone, choice.period, now, choice.chain),
        "waiting": waiting(actor.zone, now, late_before=workdays_before(now, LATE_AFTER)),
        "heat": heat_of(actor.zone, all_supply=choice.all_supply, chain=choice.chain),
        "funnel": funnel_of(needs),
    }


def _file(actor: Actor, choice: Choice, figures: dict[str, Any], now: datetime) -> HttpResponseBase:
    name = f"zhongshi-{actor.zone.code}-{choice.period.code}.xlsx"
    file = dashboard_workbook(actor.zone, choice.period, choice.chain, figures, now)
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


def _legend() -> list[tuple[int, str]]:
    """The levels of the heat table with the numbers they stand for; the last is open upwards."""
    ends = [str(least - 1) for least in LEVELS[1:]]
    spans = [f"{low}–{high}" if str(low) != high else high for low, high in zip(LEVELS, ends, strict=False)]
    return list(enumerate([*spans, f"{LEVELS[-1]}+"], start=1))


@workspace_page(Role.ZONE_ADMIN)
@require_GET
def gap_page(request: HttpRequest, actor: Actor, chain: str, stage: str) -> HttpResponse:
    """One cell of the coverage table: who is there, whose needs failed, whom to invite."""
    found = gap_of(actor.zone, chain_named(chain), stage)
    return show(request, "matching/park_gap.html", {"gap": found, "chain_code": chain})
