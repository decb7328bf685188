"""Parts a page of matches draws a hundred times: written in Python, because a template would take most of the time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhongshi.core.templatetags.ui import badge, bar

from .match_tags import component_name, judgement, per_cent, points, shown_components, source_name

register = template.Library()
WEAK = 50


@register.simple_tag
def verdict_counts(card: Any) -> SafeString:
    """How many conditions are met, not met and open, each with icon, word and colour."""
    counts = (
        ("ok", _("%(met)s met"), {"met": len(card.met)}),
        ("bad", _("%(failed)s not met"), {"failed": len(card.failed)}),
        ("unknown", _("%(open)s to be confirmed"), {"open": len(card.open)}),
    )
    badges = [badge(tone, words % number) for tone, words, number in counts if any(number.values())]
    return mark_safe(f'<span class="verdict-counts">{"".join(badges)}</span>')  # noqa: S308 - made of escaped badges


@register.simple_tag
def verdict_rows(card: Any) -> SafeString:
    """The body of a verdict table: condition with its weight, what the listing states, verdict, where that stands."""
    weights = {True: pgettext("condition", "must"), False: pgettext("condition", "negotiable")}
    silent = format_html('<span class="muted">{}</span>', _("not stated; the operator can say"))
    dash = mark_safe("—")
    rows = (
        (
            line.mark,
            weights[line.is_hard],
            line.label,
            line.ability or (silent if line.verdict == "unknown" else dash),
            line.verdict,
            judgement(line),
            evidence_source(line),
        )
        for line in card.judged
    )
    return format_html_join(
        "\n",
        '<tr><th scope="row"><span class="mark mark-{}"><span class="visually-hidden">{}</span></span>{}</th>'
        '<td class="small">{}</td><td class="nowrap verdict-{}">{}</td><td class="small muted">{}</td></tr>',
        rows,
    )


@register.filter
def evidence_source(line: Any) -> str:
    """Where a line's evidence stands and how old it is."""
    code, day = str(line.evidence.get("source") or ""), str(line.evidence.get("date") or "")
    return " · ".join(part for part in (source_name(code) if code else "", day) if part)


@register.simple_tag
def score_parts(components: Sequence[Mapping[str, Any]]) -> SafeString:
    """The components of a score: name with its weight, bar with its figure, points."""
    return format_html_join(
        "",
        "<div><dt>{}{}</dt><dd>{}</dd></div>",
        ((component_name(part), _weight(part), _value(part)) for part in shown_components(components)),
    )


def _weight(part: Mapping[str, Any]) -> str | SafeString:
    if not part.get("weight") or part["name"] == "unknown":
        return ""
    return format_html(' <span class="component-weight">{}%</span>', round(part["weight"]))


def _value(part: Mapping[str, Any]) -> SafeString:
    words = _("%(points)s points") % {"points": points(part["points"])}
    if part["name"] == "unknown" or part["points"] < 0:
        return format_html('<span class="component-penalty">{}</span>', words)
    share = per_cent(part["value"])
    return format_html(
        '{}<span class="component-value">{}</span><span class="component-points">{}</span>',
        bar(share, tone="warn" if share < WEAK else ""),
        share,
        words,
    )
