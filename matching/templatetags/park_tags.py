"""The zone office's pages: figures with their signs, steps, ages, states of everything on the board."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching import park_words
from matching.reviewing.board import Item
from matching.reviewing.queues import COLUMNS, QUEUES
from matching.statistics.funnels import Loss
from zhongshi.core.models import AuditEntry
from zhongshi.core.templatetags.ui import icon
from zhongshi.vocabulary.labels import MINUS, number_label

register = template.Library()


@register.filter
def step_words(code: str) -> str:
    """A step of the funnel in words."""
    return park_words.step_words(code)


@register.filter
def loss_words(loss: Loss) -> str:
    """Where most needs stop, and why."""
    return park_words.loss_words(loss)


@register.filter
def deed_words(entry: AuditEntry) -> str:
    """An entry of the trail in words."""
    return park_words.deed_words(entry)


@register.filter
def decline_words(code: str) -> str:
    """Why operators declined."""
    return park_words.decline_words(code)


@register.filter
def hundredths(share: float | None) -> str:
    """0.664 → 66 %; a dash where there is nothing to count."""
    return "—" if share is None else f"{round(100 * share)} %"


@register.filter
def hours(value: float | None) -> str:
    """6.4 → 6.4; whole from 100 on; a dash where nothing was measured."""
    if value is None:
        return "—"
    return number_label(round(value)) if value >= 100 else number_label(round(value, 1))


@register.filter
def magnitude(value: int) -> int:
    """Without the sign, for words that say it."""
    return abs(value)


@register.filter
def signed(value: float) -> str:
    """+9, −3, 0."""
    return f"{'+' if value > 0 else MINUS if value < 0 else ''}{number_label(abs(value))}"


@register.filter
def queue_name(kind: str) -> str:
    """A kind of thing on the board, in the plural."""
    return str(QUEUES[kind].label) if kind in QUEUES else kind


@register.filter
def column_name(column: str) -> str:
    """A column of the board."""
    return str(COLUMNS.get(column, column))


@register.simple_tag
def age(item: Item) -> SafeString | str:
    """How long a card has stood there, in working days; red with its own word where it is late."""
    if item.days < 1:
        words = _("today")
    else:
        words = ngettext("%(n)s working day", "%(n)s working days", item.days) % {"n": item.days}
    if item.is_late:
        overdue = _("overdue: %(age)s") % {"age": words}
        return format_html('<span class="badge badge-bad">{}{}</span>', icon("clock"), overdue)
    return format_html('<span class="small muted">{}</span>', words)


@register.simple_tag
def board_pill(kind: str, status: str) -> SafeString:
    """The state of anything on the board as a pill: word and tone."""
    label, tone = park_words.state_words(kind, status)
    return format_html('<span class="pill pill-{}">{}</span>', tone, label)


@register.filter
def field_name(field: str) -> str:
    """A field of a listing in words."""
    return park_words.field_words(field)


@register.filter
def got(mapping: dict[Any, Any], key: Any) -> Any:
    """A value of a mapping by a key that is itself a variable; 0 where there is none."""
    return mapping.get(key, 0)
