"""What a listing's fields look like on a page: where it comes from, what was left unsaid, prices, places."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.utils import translation
from django.utils.translation import pgettext_lazy

from platforms.models import Platform
from zhongshi.vocabulary import labels

register = template.Library()

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
