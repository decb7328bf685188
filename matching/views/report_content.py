"""What a need's report says, once for paper and once for a spreadsheet: the rows the page shows, in its order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from matching.models import ScoringRun
from matching.templatetags.match_parts import evidence_source
from matching.templatetags.match_tags import (
    exclusion_name,
    grade,
    judgement_word,
    price,
    relaxation_name,
    source_name,
    status_words,
    step_name,
)
from platforms.templatetags.listing import place
from requests.models import Need
from zhongshi.core import printing, workbooks
from zhongshi.core.printing import Marked
from zhongshi.core.workbooks import Kind, Sheet
from zhongshi.vocabulary.labels import condition_label, number_label

from .arranging import Arranged
from .cards import Card, Judged, Record

DETAILED = 10
_TONES = {"pass": "ok", "unknown": "none"}


@dataclass(frozen=True, slots=True)
class Content:
    """All a report is made of."""

    need: Need
    name: str
    run: ScoringRun
    conditions: Sequence[Record]
    shown: Arranged


def cover(content: Content) -> printing.Cover:
    """The title block: whose need, when matched, by which rules, which choice of the page."""
    need, run = content.need, content.run
    return printing.Cover(
        kind=_("Report on matches"),
        title=content.name,
        subtitle=_("%(number)s, revision %(revision)s") % {"number": need.number, "revision": need.revision},
        at=run.scored_at,
        facts=[
            (_("Enterprise"), need.organization.name),
            (_("Zone"), need.zone.name),
            (_("Rules version"), run.rules_version),
            (_("Engine version"), run.engine_version),
            (_("Shown"), content.shown.choice.words),
            (_("Match results"), str(len(content.shown.cards))),
        ],
        notes=[
            _("“To be confirmed” means that the listing says nothing; it is a question, never a refusal."),
            _("Evidence is what listings state, with its source and date; check it before you sign."),
        ],
    )


def blocks(content: Content) -> list[printing.Block]:
    """The report's body."""
    return [
        *_condition_blocks(content),
        *_ranking_blocks(content),
        *_funnel_blocks(content),
        *_detail_blocks(content),
    ]


def _condition_blocks(content: Content) -> Iterator[printing.Block]:
    yield printing.heading(_("Conditions"))
    columns = [printing.Column(_("Condition"), 3), printing.Column(_("Weight"), 0), printing.Column(_("Your words"), 3)]
    rows: list[list[printing.Cell]] = []
    for record in content.conditions:
        label = condition_label(record)
        rows.append([str(label), _weight(is_hard=label.is_hard), label.text])
    yield printing.table(columns, rows)


def _ranking_blocks(content: Content) -> Iterator[printing.Block]:
    yield printing.heading(_("Ranking"))
    if not content.shown.cards:
        yield printing.paragraph(_("No capability meets every “must”"))
        return
    columns = [
        printing.Column("#", 0, right=True),
        printing.Column(_("Capability and platform"), 5),
        printing.Column(_("Score"), 0, right=True),
        printing.Column(_("Met"), 0, right=True),
        printing.Column(_("Not met"), 0, right=True),
        printing.Column(pgettext("verdict", "to be confirmed"), 0, right=True),
        printing.Column(_("Quote"), 2),
        printing.Column(_("Status"), 2),
    ]
    yield printing.table(columns, [_ranked(card) for card in content.shown.cards])


def _ranked(card: Card) -> list[printing.Cell]:
    capability = card.match.capability
    return [
        "–" if card.hard_fails else card.match.rank,
        f"{capability.name}\n{capability.platform.name} · {place(capability.platform)}",
        f"{card.match.score:.0f}",
        len(card.met),
        len(card.failed),
        len(card.open),
        price(card.quote) if card.quote else None,
        status_words(card.match.status),
    ]


def _funnel_blocks(content: Content) -> Iterator[printing.Block]:
    run, conditions = content.run, content.conditions
    yield printing.heading(_("How they were selected"))
    yield printing.pairs([(step_name(step, conditions), number_label(step["count"])) for step in run.funnel])
    if run.excluded:
        yield printing.heading(_("Why others are not here"), level=2)
        yield printing.pairs([(exclusion_name(one, conditions), number_label(one["count"])) for one in run.excluded])
    if run.relaxations:
        yield printing.heading(_("Relax one, gain more"), level=2)
        yield printing.pairs([(relaxation_name(one, conditions), f"+{one['gain']}") for one in run.relaxations])


def _detail_blocks(content: Content) -> Iterator[printing.Block]:
    cards = content.shown.cards[:DETAILED]
    if not cards:
        return
    yield printing.heading(_("Condition by condition"))
    if len(content.shown.cards) > DETAILED:
        yield printing.paragraph(_("The first %(n)s; the spreadsheet has all.") % {"n": DETAILED}, quiet=True)
    columns = [
        printing.Column(_("Condition"), 3),
        printing.Column(_("What the listing states"), 4),
        printing.Column(_("Verdict"), 0),
        printing.Column(_("Where it stands"), 2),
    ]
    for card in cards:
        capability = card.match.capability
        title = f"{'–' if card.hard_fails else card.match.rank}  {capability.name} · {capability.platform.name}"
        yield printing.heading(title, level=2)
        score = f"{card.match.score:.0f} {grade(card.match.score)}"
        yield printing.paragraph(_("Score %(score)s") % {"score": score}, quiet=True)
        yield printing.table(columns, [_judged(line) for line in card.judged])


def _judged(line: Judged) -> list[printing.Cell]:
    tone = _TONES.get(line.verdict) or ("bad" if line.is_hard else "warn")
    return [
        f"{line.label}（{_weight(is_hard=line.is_hard)}）",
        line.ability or None,
        Marked(judgement_word(line), tone),
        evidence_source(line),
    ]


def _weight(*, is_hard: bool) -> str:
    return pgettext("condition", "must") if is_hard else pgettext("condition", "negotiable")


def sheets(content: Content) -> list[Sheet]:
    """The same as tables."""
    return [_match_sheet(content), _verdict_sheet(content), _condition_sheet(content), _funnel_sheet(content)]


def about(content: Content) -> workbooks.About:
    """What the sheet 说明 says."""
    facts = cover(content)
    return workbooks.About(
        title=f"{facts.kind}: {content.need.number} {content.name}",
        at=content.run.scored_at,
        filter=content.shown.choice.words,
        rules=content.run.rules_version,
        lines=[(_("Enterprise"), content.need.organization.name), *((_("Note"), note) for note in facts.notes)],
    )


def _match_sheet(content: Content) -> Sheet:
    columns = [
        workbooks.Column(_("Rank"), Kind.INTEGER, 8),
        workbooks.Column(_("Capability"), width=36),
        workbooks.Column(_("Platform"), width=36),
        workbooks.Column(_("Place"), width=20),
        workbooks.Column(_("Score"), Kind.NUMBER, 8),
        workbooks.Column(_("Grade"), width=12),
        workbooks.Column(_("Met"), Kind.INTEGER, 8),
        workbooks.Column(_("Not met"), Kind.INTEGER, 8),
        workbooks.Column(pgettext("verdict", "to be confirmed"), Kind.INTEGER, 8),
        workbooks.Column(_("Status"), width=16),
        workbooks.Column(_("Quote"), Kind.MONEY, 14),
        workbooks.Column(_("Currency"), width=8),
        workbooks.Column(_("Valid until"), Kind.DATE, 12),
        workbooks.Column(_("Listed price"), Kind.MONEY, 14, unit=_("CNY a week")),
        workbooks.Column(_("Earliest start"), Kind.DATE, 12),
        workbooks.Column(_("Data completeness"), Kind.SHARE, 12),
        workbooks.Column(_("Source"), width=36),
        workbooks.Column(_("Date of the source"), width=14),
    ]
    return Sheet(_("Match results"), columns, (_match_row(card, content.shown) for card in content.shown.cards))


def _match_row(card: Card, shown: Arranged) -> list[Any]:
    match, quote, stated = card.match, card.quote, shown.stated[card.match.pk]
    platform = match.capability.platform
    return [
        None if card.hard_fails else match.rank,
        match.capability.name,
        platform.name,
        place(platform),
        match.score,
        grade(match.score),
        len(card.met),
        len(card.failed),
        len(card.open),
        status_words(match.status),
        quote.amount if quote else None,
        quote.currency if quote else None,
        quote.valid_until if quote else None,
        stated.weekly_price,
        stated.start,
        card.stated_share / 100,
        platform.source_url,
        platform.source_date,
    ]


def _verdict_sheet(content: Content) -> Sheet:
    columns = [
        workbooks.Column(_("Rank"), Kind.INTEGER, 8),
        workbooks.Column(_("Capability"), width=32),
        workbooks.Column(_("Condition"), width=32),
        workbooks.Column(_("Weight"), width=10),
        workbooks.Column(_("What the listing states"), width=48),
        workbooks.Column(_("Verdict"), width=12),
        workbooks.Column(_("Where it stands"), width=24),
        workbooks.Column(_("Date"), width=14),
    ]
    rows = (_verdict_row(card, line) for card in content.shown.cards for line in card.judged)
    return Sheet(_("Condition by condition"), columns, rows)


def _verdict_row(card: Card, line: Judged) -> list[Any]:
    code = str(line.evidence.get("source") or "")
    return [
        None if card.hard_fails else card.match.rank,
        card.match.capability.name,
        str(line.label),
        _weight(is_hard=line.is_hard),
        line.ability,
        judgement_word(line),
        source_name(code) if code else "",
        line.evidence.get("date") or "",
    ]


def _condition_sheet(content: Content) -> Sheet:
    labels = [condition_label(record) for record in content.conditions]
    columns = [
        workbooks.Column(_("Condition"), width=20),
        workbooks.Column(_("Value"), width=36),
        workbooks.Column(_("Weight"), width=10),
        workbooks.Column(_("Your words"), width=36),
    ]
    rows = ([label.name, label.value, _weight(is_hard=label.is_hard), label.text] for label in labels)
    return Sheet(_("Conditions"), columns, rows)


def _funnel_sheet(content: Content) -> Sheet:
    run, conditions = content.run, content.conditions
    rows: list[list[Any]] = [[_("left"), step_name(step, conditions), step["count"]] for step in run.funnel]
    rows += [[_("left out"), exclusion_name(one, conditions), one["count"]] for one in run.excluded]
    rows += [[_("gained by relaxing"), relaxation_name(one, conditions), one["gain"]] for one in run.relaxations]
    columns = [
        workbooks.Column(_("Kind"), width=16),
        workbooks.Column(_("Step or reason"), width=48),
        workbooks.Column(_("Count"), Kind.INTEGER, 10),
    ]
    return Sheet(_("How they were selected"), columns, rows)
