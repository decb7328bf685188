"""What a listing's fields look like on a page: where it comes from, what was left unsaid, prices, places."""

import html
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.utils import translation
from django.utils.formats import localize
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import pgettext_lazy

from platforms.models import Platform
from platforms.views.facets import Choice
from zhongshi.vocabulary import labels

register = template.Library()

# Lists of tick boxes kept in each process: two KB each.
KEPT_FILTERS = 1000

_GRADES = {
    "high": pgettext_lazy("source grade", "high"),
    "medium": pgettext_lazy("source grade", "medium"),
    "low": pgettext_lazy("source grade", "low"),
}
_UNSAID = ("unknown", "n/a", "none")


@register.filter
def stated(value: str) -> str:
    """The value, or nothing where the source wrote that it does not know."""
    return "" if value.strip().lower() in _UNSAID else value


@register.filter
def source_link(platform: Platform) -> str:
    """The source's address if a browser may follow it; files bring addresses from anywhere, `javascript:` too."""
    return platform.source_url if urlsplit(platform.source_url).scheme in {"http", "https"} else ""


@register.filter
def source_host(platform: Platform) -> str:
    """The host the listing was compiled from; the source's own words where it is no address."""
    return urlsplit(platform.source_url).hostname or platform.source_url


@register.filter
def grade(value: str) -> Any:
    """A grade of a source in words."""
    return _GRADES.get(value, value)


@register.filter
def place(platform: Platform) -> str:
    """Where a platform is: region and city in China, else city and country."""
    country = labels.region_label(platform.country) if platform.country not in ("", "CN") else ""
    if not platform.region:
        return " · ".join(part for part in (platform.city, country) if part)
    with translation.override("zh-hans"):
        stem = labels.region_label(platform.region).rstrip("市省")
    # The city often repeats the region (成都 for 成都市); with its district, 成都(青白江), it says more.
    rest = platform.city.removeprefix(stem).strip("市()（）")
    return " · ".join(part for part in (labels.region_label(platform.region), rest, country) if part)


@register.filter
def price_label(price: Mapping[str, Any] | None) -> str:
    """A price as it was given: amount and unit."""
    if not price or not isinstance(price.get("amount"), int | float):
        return ""
    return f"{labels.number_label(price['amount'])} {price.get('unit') or ''}".strip()


@register.simple_tag
def choices(values: Iterable[Choice], name: str) -> SafeString:
    """The tick boxes of a filter. A page has hundreds, and a template takes ten times as long over each."""
    return _ticked(tuple(values), name, translation.get_language())


# The same search is asked for again and again; a filter's values and counts decide how it looks.
@lru_cache(maxsize=KEPT_FILTERS)
def _ticked(values: tuple[Choice, ...], name: str, _language: str | None) -> SafeString:
    return SafeString("".join(_choice(one, escape(name)) for one in values))


def _choice(one: Choice, name: str) -> str:
    # Django's own `escape` asks of each whether it is a lazy text, which takes longer than to escape it.
    field, value, label = f"f-{name}-{one.number}", html.escape(one.value), html.escape(one.label)
    zero, checked = "" if one.count else " choice-zero", " checked" if one.is_chosen else ""
    return (
        f'<label class="choice{zero}" for="{field}"><input type="checkbox" id="{field}" name="{name}" '
        f'value="{value}"{checked}> <span>{label}</span> '
        f'<span class="choice-count">{localize(one.count)}</span></label>'
    )
