"""The operator's own statistics: by month as table, bars and spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from matching.desk_figures import DeskFigures, Month, desk_figures
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.frame import workspace_page
from zhongshi.core.workbooks import CONTENT_TYPE, About, Cell, Column, Kind, Sheet, workbook

_HEIGHT, _STEP, _WIDTH = 120, 60, 22


@dataclass(frozen=True, slots=True)
class Bar:
    """One month of the chart in the units of its drawing: two bars side by side."""

    month: Month
    x: int
    received: float
    won: float

    @property
    def won_x(self) -> int:
        return self.x + _WIDTH

    @property
    def received_y(self) -> float:
        return _HEIGHT - self.received

    @property
    def won_y(self) -> float:
        return _HEIGHT - self.won

    @property
    def middle(self) -> int:
        return self.x + _WIDTH


@workspace_page(Role.OPERATOR)
@require_safe
def stats_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Twelve months of one's own leads."""
    figures = desk_figures(actor, now=timezone.now())
    context = {"actor": actor, "figures": figures, "bars": _bars(figures.months), "width": _STEP * len(figures.months)}
    return render(request, "matching/desk_stats.html", context)


@workspace_page(Role.OPERATOR)
@require_safe
def stats_sheet(_request: HttpRequest, actor: Actor) -> HttpResponse:
    """The same as a spreadsheet."""
    now = timezone.now()
    figures = desk_figures(actor, now=timezone.now())
    about = About(_("Statistics of %(name)s") % {"name": actor.organization.name}, now, lines=_explained())
    with workbook([_monthly(figures), _reasons(figures)], about) as file:
        answer = HttpResponse(file.read(), content_type=CONTENT_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="desk-stats-{timezone.localtime(now):%Y%m%d}.xlsx"'
    return answer


def _bars(months: Sequence[Month]) -> list[Bar]:
    most = max((month.figures.received for month in months), default=0) or 1
    return [
        Bar(month, n * _STEP + 8, _HEIGHT * month.figures.received / most, _HEIGHT * month.figures.won / most)
        for n, month in enumerate(months)
    ]


def _monthly(figures: DeskFigures) -> Sheet:
    whole = [_("Received"), _("Answered"), _("Within 48 hours")]
    fates = [_("Accepted"), _("Declined"), _("Expired"), _("Quoted"), _("Won")]
    columns = [
        Column(_("Month"), width=12),
        *(Column(name, Kind.INTEGER, 12) for name in whole),
        Column(_("Share within 48 hours"), Kind.SHARE, 14),
        Column(_("Median time to answer"), Kind.NUMBER, 16, unit=_("hours")),
        *(Column(name, Kind.INTEGER, 12) for name in fates),
    ]
    return Sheet(_("By month"), columns, _rows(figures))


def _rows(figures: DeskFigures) -> Iterator[Sequence[Cell]]:
    for month in figures.months:
        part = month.figures
        yield (
            f"{month.first:%Y-%m}",
            part.received,
            part.answered,
            part.in_time,
            part.in_time_share,
            part.median_hours,
            part.accepted,
            part.declined,
            part.lapsed,
            part.quoted,
            part.won,
        )


def _reasons(figures: DeskFigures) -> Sheet:
    columns = [Column(_("Reason"), width=32), Column(_("Number"), Kind.INTEGER)]
    return Sheet(_("Reasons for declining"), columns, list(figures.reasons))


def _explained() -> list[tuple[str, Cell]]:
    return [
        (_("Month"), _("The month in which the lead came in; what became of it since counts there.")),
        (_("Within 48 hours"), _("Answered by accepting, quoting or declining within 48 hours of coming in.")),
    ]
