"""Small parts of a page as tags: icon, badge, bar. Status is always icon, word and colour together."""

from functools import lru_cache

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

TONES = {"ok": "ok", "warn": "warn", "bad": "bad", "unknown": "unknown", "info": "info"}


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """Draw the symbol `name` of ``icons.svg``; decoration only, so hidden from screen readers."""
    return _drawn(name, css)


@lru_cache(maxsize=500)
def _drawn(name: str, css: str) -> SafeString:
    """A page draws a hundred; where the file lies does not change while a process lives."""
    classes = f"icon {css}".strip()
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        classes,
        static("icons.svg"),
        name,
    )


@register.simple_tag
def contact() -> str:
    """The address errors are reported to; empty where none is set."""
    return str(settings.CONTACT_EMAIL)


@register.filter
def is_below(address: str, path: str) -> bool:
    """Whether the page at `address` belongs to the section that begins at `path`."""
    return address.startswith(path)


@register.simple_tag
def badge(tone: str, text: object) -> SafeString:
    """Say `text` in the tone ok, warn, bad, unknown or info. KeyError for any other tone."""
    return _badge(tone, str(text))


@lru_cache(maxsize=2000)
def _badge(tone: str, text: str) -> SafeString:
    return format_html('<span class="badge badge-{}">{}{}</span>', tone, icon(TONES[tone]), text)


@register.simple_tag
def bar(value: float, tone: str = "", css: str = "") -> SafeString:
    """Draw `value` (0..100, cut to it) as a bar; the number itself belongs beside it in words."""
    return _bar(max(0.0, min(100.0, float(value))), tone, css)


@lru_cache(maxsize=2000)
def _bar(width: float, tone: str, css: str) -> SafeString:
    classes = " ".join(part for part in ("bar", f"bar-{tone}" if tone else "", css) if part)
    return format_html(
        '<svg class="{}" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect width="100" height="6"/><rect class="bar-fill" width="{}" height="6"/></svg>',
        classes,
        f"{width:g}",
    )
