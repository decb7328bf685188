"""A zone's figures as a spreadsheet: what the dashboard shows, number for number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import IO, Any

from django.utils.translation import gettext as _

from matching.park_words import step_words
from zhongshi.accounts.models import Zone
from zhongshi.core.workbooks import About, Column, Kind, Sheet, workbook
from zhongshi.vocabulary.labels import term_label

from .funnels import Funnel
from .heat import Heat
from .numbers import Numbers
from .periods import Period


def dashboard_workbook(zone: Zone, period: Period, chain: str, figures: Mapping[str, Any], now: datetime) -> IO[bytes]:
    """Numbers, coverage and funnel of the period; `figures` are those the page shows."""
    sheets = [
        numbers_sheet(figures["numbers"], figures["waiting"]),
        heat_sheet(figures["heat"]),
        funnel_sheet(figures["funnel"]),
    ]
    chosen = [period.label, term_label("chain", chain)] if chain else [period.label]
    return workbook(sheets, About(_("Dashboard of %(zone)s") % {"zone": zone.name}, now, filter=" · ".join(chosen)))


def numbers_sheet(found: Numbers, waiting: tuple[int, int]) -> Sheet:
    """The four numbers with what they are compared with."""
    columns = [
        Column(_("Figure"), width=30),
        Column(_("Value"), Kind.NUMBER),
        Column(_("Period before"), Kind.NUMBER),
        Column(_("unit"), width=10),
    ]
    now, before = found.answers, found.answers_before
    rows = [
        (_("New needs"), found.new_needs, found.new_needs_before, ""),
        (_("Leads handed to operators"), now.leads, before.leads, ""),
        (_("Leads answered in time"), _per_cent(now.share), _per_cent(before.share), "%"),
        (_("Median time to a first word"), now.median_hours, before.median_hours, _("hours")),
        (_("Waiting for review now"), waiting[0], None, ""),
        (_("Of these over two working days"), waiting[1], None, ""),
    ]
    return Sheet(_("Numbers"), columns, rows)


def heat_sheet(heat: Heat) -> Sheet:
    """Chain × stage: capabilities, open needs, needs without anybody."""
    columns = [
        Column(_("Industry chain"), width=26),
        Column(_("Stage"), width=20),
        Column(_("Published capabilities"), Kind.INTEGER),
        Column(_("Open needs"), Kind.INTEGER),
        Column(_("Needs without a match"), Kind.INTEGER),
        Column(_("Gap"), width=8),
    ]
    rows = (
        (
            term_label("chain", row.chain),
            term_label("stage", cell.stage),
            cell.capabilities,
            cell.open_needs,
            cell.unmet_needs,
            cell.level == 0,
        )
        for row in heat.rows
        for cell in row.cells
    )
    return Sheet(_("Coverage"), columns, rows)


def funnel_sheet(funnel: Funnel) -> Sheet:
    """Each step with its share of the step before and of the first."""
    columns = [
        Column(_("Step"), width=26),
        Column(_("Needs"), Kind.INTEGER),
        Column(_("Of the step before"), Kind.SHARE),
        Column(_("Of all"), Kind.SHARE),
    ]
    rows = [(step_words(step.code), step.count, step.share, step.of_first) for step in funnel.steps]
    return Sheet(_("Funnel"), columns, rows)


def _per_cent(share: float | None) -> float | None:
    return None if share is None else round(100 * share)
