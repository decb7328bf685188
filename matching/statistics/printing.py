"""The report of a period as a PDF and as a spreadsheet: number for number what its page shows."""

from __future__ import annotations

from datetime import datetime
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.park_words import decline_words, loss_words, state_words, step_words
from zhongshi.accounts.models import Zone
from zhongshi.core import printing
from zhongshi.core.printing import Block, Cover
from zhongshi.core.workbooks import About, Column, Kind, Sheet, workbook
from zhongshi.vocabulary.labels import number_label, term_label

from .answers import Promptness
from .reports import Report
from .workbooks import funnel_sheet, numbers_sheet

GAPS_PRINTED = 40


def report_pdf(zone: Zone, report: Report, now: datetime) -> bytes:
    """The report as pages."""
    answers = report.numbers.answers
    cover = Cover(
        kind=_("Report"),
        title=_("%(zone)s: pilot-testing matchmaking") % {"zone": zone.name},
        subtitle=report.period.label,
        at=now,
        facts=[
            (_("New needs"), str(report.numbers.new_needs)),
            (_("Leads answered in time"), share_words(answers.share)),
            (_("Median time to a first word"), hours_words(answers.median_hours)),
            (_("Offers chosen"), _("%(amount)s yuan") % {"amount": number_label(float(report.amount))}),
        ],
        notes=[_("Counted from the service's own records; working hours and holidays are not taken off.")],
    )
    return printing.report(cover, [*_funnel(report), *_gaps(report), *_answers(report), *_ends(report)])


def _funnel(report: Report) -> list[Block]:
    steps = report.funnel.steps
    rows = [(step_words(step.code), step.of_first, f"{step.count}  {share_words(step.share)}") for step in steps]
    blocks = [printing.heading(_("Funnel of the needs posted in this time")), printing.bars(rows)]
    return blocks + ([printing.note(loss_words(report.funnel.loss), tone="warn")] if report.funnel.loss else [])


def _gaps(report: Report) -> list[Block]:
    count = report.gaps_count
    words = ngettext("%(n)s cell of the table is empty.", "%(n)s cells of the table are empty.", count) % {"n": count}
    blocks = [printing.heading(_("Gaps that needs asked for")), printing.paragraph(words, quiet=True)]
    if not report.gaps:
        return [*blocks, printing.paragraph(_("No need asks for any of them."))]
    columns = [
        printing.Column(_("Industry chain"), 3),
        printing.Column(_("Stage"), 2),
        printing.Column(_("Needs"), 1, right=True),
        printing.Column(_("Needs without a match"), 2, right=True),
    ]
    rows = [
        (term_label("chain", gap.chain), term_label("stage", gap.stage), gap.needs, gap.unmet)
        for gap in report.gaps[:GAPS_PRINTED]
    ]
    return [*blocks, printing.table(columns, rows)]


def _answers(report: Report) -> list[Block]:
    blocks = [printing.heading(_("How platforms answered"))]
    if not report.platforms:
        return [*blocks, printing.paragraph(_("No lead was handed out in this time."))]
    columns = [
        printing.Column(_("Platform"), 4),
        printing.Column(_("Leads"), 1, right=True),
        printing.Column(_("Answered in time"), 2, right=True),
        printing.Column(_("Median time to a first word"), 2, right=True),
    ]
    rows = [
        (name, found.leads, share_words(found.share), hours_words(found.median_hours))
        for name, found in report.platforms
    ]
    blocks.append(printing.table(columns, rows))
    if report.refusals:
        blocks.append(printing.heading(_("Why operators declined"), level=2))
        blocks.append(printing.pairs([(decline_words(code), str(count)) for code, count in report.refusals]))
    return blocks


def _ends(report: Report) -> list[Block]:
    rows = [(state_words("need", status)[0], str(count)) for status, count in report.outcomes]
    return [printing.heading(_("What became of needs in this time")), printing.pairs(rows)]


def share_words(share: float | None) -> str:
    """66 %, or a dash."""
    return "—" if share is None else f"{round(100 * share)} %"


def hours_words(hours: float | None) -> str:
    """6.4 hours, or a dash."""
    return "—" if hours is None else _("%(hours)s hours") % {"hours": number_label(round(hours, 1))}


def report_workbook(zone: Zone, report: Report, waiting: tuple[int, int], now: datetime) -> IO[bytes]:
    """The report as a spreadsheet, a sheet for each part."""
    sheets = [
        numbers_sheet(report.numbers, waiting),
        funnel_sheet(report.funnel),
        _gap_sheet(report),
        _platform_sheet(report.platforms),
        _counts(_("Refusals"), _("Reason"), [(decline_words(code), count) for code, count in report.refusals]),
        _counts(_("Outcomes"), _("State"), [(state_words("need", code)[0], n) for code, n in report.outcomes]),
    ]
    title = _("Report of %(zone)s") % {"zone": zone.name}
    lines = [(_("Offers chosen, yuan"), report.amount)]
    return workbook(sheets, About(title, now, filter=report.period.label, lines=lines))


def _gap_sheet(report: Report) -> Sheet:
    columns = [
        Column(_("Industry chain"), width=26),
        Column(_("Stage"), width=20),
        Column(_("Needs"), Kind.INTEGER),
        Column(_("Needs without a match"), Kind.INTEGER),
    ]
    rows = [
        (term_label("chain", gap.chain), term_label("stage", gap.stage), gap.needs, gap.unmet) for gap in report.gaps
    ]
    return Sheet(_("Gaps"), columns, rows)


def _platform_sheet(platforms: list[tuple[str, Promptness]]) -> Sheet:
    columns = [
        Column(_("Platform"), width=40),
        Column(_("Leads"), Kind.INTEGER),
        Column(_("Due"), Kind.INTEGER),
        Column(_("Answered in time"), Kind.INTEGER),
        Column(_("Share"), Kind.SHARE),
        Column(_("Median time to a first word"), Kind.NUMBER, unit=_("hours")),
    ]
    rows = [(name, one.leads, one.due, one.in_time, one.share, one.median_hours) for name, one in platforms]
    return Sheet(_("Platforms"), columns, rows)


def _counts(name: str, head: str, rows: list[tuple[str, int]]) -> Sheet:
    return Sheet(name, [Column(head, width=36), Column(_("Number"), Kind.INTEGER)], rows)
