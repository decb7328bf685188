"""Matches in words: status, components, funnel, reasons, relaxations, time left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from matching.enums import MatchStatus
from matching.models import Match
from matching.relaxed import proposal_key, widened
from matching.route_totals import Totals
from requests.disclosure import listed_name
from zhongshi.core.templatetags.ui import badge, icon
from zhongshi.vocabulary.labels import MINUS, condition_label, kind_label, money_label, number_label
from zhongshi.vocabulary.templatetags.words import VERDICTS

register = template.Library()
Conditions = Sequence[Mapping[str, Any]]
URGENT_HOURS = 6
SOON_DAYS = 3

_TONES = {
    MatchStatus.PROPOSED: "waiting",
    MatchStatus.APPROVED: "active",
    MatchStatus.ACCEPTED: "active",
    MatchStatus.QUOTED: "active",
    MatchStatus.CHOSEN: "done",
    MatchStatus.CONTRACTED: "done",
    MatchStatus.COMPLETED: "done",
    MatchStatus.REJECTED: "bad",
    MatchStatus.DECLINED: "bad",
}
_COMPONENTS = {
    "process": pgettext_lazy("component of the score", "process"),
    "product": pgettext_lazy("component of the score", "product and chain"),
    "scale": pgettext_lazy("component of the score", "scale and parameters"),
    "terms": pgettext_lazy("component of the score", "permits and services"),
    "region": pgettext_lazy("component of the score", "region"),
    "budget": pgettext_lazy("component of the score", "budget"),
    "unknown": pgettext_lazy("component of the score", "open questions"),
}
_STEPS = {
    "all": gettext_lazy("published capabilities"),
    "listed": gettext_lazy("published capabilities"),
    "candidates": gettext_lazy("no “must” is known to fail"),
    "shown": gettext_lazy("proposed to you"),
}
_SOURCES = {
    "declared": gettext_lazy("stated in the source"),
    "read": gettext_lazy("read from the listing's text"),
    "platform": gettext_lazy("another line of the same platform"),
    "inferred": gettext_lazy("inferred"),
    "answered": gettext_lazy("answered by the operator"),
}


_KIND_ICONS = {
    "process": "flask",
    "service": "users",
    "stage": "layers",
    "material": "atom",
    "chain": "link",
    "qualification": "certificate",
    "hazard": "warn",
    "region": "pin",
    "parameter": "gauge",
    "volume": "boxes",
    "mass": "boxes",
    "temperature": "thermometer",
    "budget": "money",
    "window": "calendar",
    "start_by": "calendar",
    "duration": "clock",
}


@register.simple_tag
def match_pill(status: str) -> SafeString:
    """The status as a pill: word and tone."""
    return _pill(_TONES.get(MatchStatus(status), "ended"), str(MatchStatus(status).label))


@lru_cache(maxsize=200)
def _pill(tone: str, word: str) -> SafeString:
    return format_html('<span class="pill pill-{}">{}</span>', tone, word)


@register.filter
def status_words(status: str) -> str:
    """A match's status in words; as it is where nobody knows it."""
    return str(MatchStatus(status).label) if status in MatchStatus.values else status


@register.simple_tag
def lead_title(match: Match) -> str:
    """The need's title where its operators may read it; a confidential one has it on its own page only."""
    return listed_name(match.need)


@register.filter
def component_name(component: Mapping[str, Any]) -> str:
    """A component of the score in words; open questions with the number of those that cost points.

    A wished operation nobody speaks of already lacks in "process", so they may be fewer than the verdicts "unknown".
    """
    code, count = str(component["name"]), component.get("value") or 0
    if code == "unknown" and count >= 1:
        return ngettext("off for %(n)s open question", "off for %(n)s open questions", int(count)) % {"n": int(count)}
    return str(_COMPONENTS[code]) if code in _COMPONENTS else kind_label(code)


@register.filter
def shown_components(components: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """All that count, in their order: open questions only where there are any."""
    return [part for part in components if part["name"] != "unknown" or part.get("value") or part["points"]]


@register.filter
def whole(score: float) -> str:
    """A score without decimals."""
    return f"{score:.0f}"


@register.filter
def per_cent(share: float) -> int:
    """0.8 → 80, for a bar and the figure beside it."""
    return round(100 * share)


@register.filter
def points(addend: float) -> str:
    """What a component adds or takes, with its sign: +35.7, −6.0."""
    return f"{MINUS if addend < 0 else '+'}{abs(addend):.1f}"


@register.filter
def source_name(code: str) -> str:
    """Where a piece of evidence stands."""
    return str(_SOURCES.get(code, code))


@register.filter
def grade(score: float) -> str:
    """The score in words."""
    if score >= 85:
        return _("very good fit")
    return _("good fit") if score >= 60 else _("partial fit")


@register.simple_tag
def judgement(line: Any) -> SafeString:
    """A line's verdict as icon, word and colour: a wish that is not met can be talked about, a must cannot."""
    return badge(*_judged_as(line.verdict, is_hard=line.is_hard))


def _judged_as(verdict: str, *, is_hard: bool) -> tuple[str, str]:
    if verdict == "fail":
        return ("bad", _("must not met")) if is_hard else ("warn", _("negotiable"))
    tone, word = VERDICTS.get(verdict, VERDICTS["unknown"])
    return tone, str(word)


@register.filter
def judgement_word(line: Any) -> str:
    """The verdict of a line in one word, for exports."""
    return _judged_as(line.verdict, is_hard=line.is_hard)[1]


@register.filter
def weekly(amount: float) -> str:
    """A price a week in words: 12 万元/周."""
    return _("%(price)s a week") % {"price": money_label(amount, amount, "CNY")}


@register.filter
def km(way: float) -> str:
    """A distance as the crow flies."""
    return _("%(km)s km") % {"km": number_label(round(way))}


@register.filter
def share(count: int, all_of: int) -> int:
    """How many per cent `count` is, for a bar beside the figure."""
    return round(100 * count / all_of) if all_of else 0


@register.filter
def proposal(relaxation: Mapping[str, Any]) -> str:
    """The key by which a relaxation is asked for."""
    return proposal_key(relaxation)


@register.filter
def kind_icon(record: Mapping[str, Any]) -> str:
    """The symbol of what a condition is about."""
    quantity = str(record.get("quantity") or "")
    return _KIND_ICONS.get(quantity) or _KIND_ICONS.get(str(record.get("kind")), "info")


@register.filter
def said_of(table: Mapping[int, Any], card: Any) -> Any:
    """What the listing behind a card states."""
    return table.get(card.match.pk)


@register.filter
def quote_clock(quote: Any) -> SafeString:
    """How long an offer still stands, as icon, word and colour."""
    left = (quote.valid_until - timezone.localdate()).days
    if left < 0:
        return badge("bad", _("expired"))
    if left == 0:
        return badge("warn", _("ends today"))
    words = ngettext("%(n)s day left", "%(n)s days left", left) % {"n": left}
    return badge("warn" if left <= SOON_DAYS else "ok", words)


@register.simple_tag
def step_name(step: Mapping[str, Any], conditions: Conditions) -> str:
    """A step of the funnel: the condition it applies, else what its code means."""
    named = _indexed(step.get("condition"), conditions)
    return named or str(_STEPS.get(str(step["step"]), kind_label(str(step["step"]))))


@register.simple_tag
def exclusion_name(exclusion: Mapping[str, Any], conditions: Conditions) -> str:
    """A reason for exclusion: the condition that is not met, or at least its kind."""
    named = _indexed(exclusion.get("condition"), conditions) or kind_label(str(exclusion.get("kind", "")))
    return _("not met: %(condition)s") % {"condition": named}


@register.simple_tag
def relaxation_name(relaxation: Mapping[str, Any], conditions: Conditions) -> str:
    """A relaxation as a proposal: which condition becomes what."""
    index, change = relaxation.get("condition"), relaxation.get("change") or {}
    named = _indexed(index, conditions) or kind_label(str(relaxation.get("kind", "")))
    if not widened(change):
        return _("%(condition)s: no longer a must") % {"condition": named}
    before = conditions[index] if isinstance(index, int) and index < len(conditions) else {}
    after = condition_label({**before, "kind": relaxation.get("kind"), **widened(change)})
    return _("%(condition)s → %(relaxed)s") % {"condition": named, "relaxed": after.value}


def _indexed(index: Any, conditions: Conditions) -> str:
    if not isinstance(index, int) or index >= len(conditions):
        return ""
    return str(condition_label(conditions[index]))


@register.simple_tag
def time_left(due: datetime | None) -> SafeString | str:
    """The clock of a lead: hours left, red with its own word under six, and when it is over."""
    if due is None:
        return ""
    hours = (due - timezone.now()).total_seconds() / 3600
    if hours <= 0:
        return format_html('<span class="badge badge-bad">{}{}</span>', icon("clock"), _("time is up"))
    left = ngettext("%(n)s hour left", "%(n)s hours left", int(hours)) % {"n": int(hours)}
    if hours < URGENT_HOURS:
        words = _("urgent: less than 1 hour left") if hours < 1 else _("urgent: %(left)s") % {"left": left}
        return format_html('<span class="badge badge-bad">{}{}</span>', icon("clock"), words)
    return format_html('<span class="badge badge-info">{}{}</span>', icon("clock"), left)


@register.filter
def price(quote: Any) -> str:
    """An amount with its currency: 62 万元, 120,000 CNY."""
    return money_label(float(quote.amount), float(quote.amount), quote.currency)


@register.simple_tag
def route_price(totals: Totals) -> str:
    """A route's price a week as far as the listings state it: at least 12 万元/周 (1 of 3 unknown)."""
    if totals.price is None:
        return _("not stated")
    words = {"price": money_label(totals.price, totals.price, "CNY"), "unknown": totals.unknown_prices}
    if not totals.unknown_prices:
        return _("%(price)s a week") % words
    return _("at least %(price)s a week; %(unknown)s not stated") % words


@register.simple_tag
def route_time(totals: Totals) -> str:
    """When a route could run: from the first day to the last, or why nobody knows."""
    if totals.start and totals.end:
        return _("%(start)s to %(end)s") % {"start": totals.start, "end": totals.end}
    if totals.is_booked:
        return _("no free slots one after the other")
    if totals.unknown_calendars:
        silent = totals.unknown_calendars
        return ngettext("unknown; %(n)s calendar is missing", "unknown; %(n)s calendars are missing", silent) % {
            "n": silent
        }
    return _("unknown; the need does not say for how many weeks")


@register.simple_tag
def route_way(totals: Totals) -> str:
    """How far the goods travel from step to step, as the crow flies."""
    if totals.km is None:
        return _("unknown")
    words = {"km": number_label(round(totals.km))}
    return (_("at least %(km)s km") if totals.unknown_ways else _("%(km)s km")) % words


@register.filter
def exact_amount(amount: Any) -> str:
    """An amount of money to the cent where it has cents."""
    return number_label(float(amount))
