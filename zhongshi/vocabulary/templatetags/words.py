"""Words of the vocabulary in templates: ``{{ code|term:"process" }}``, ``{{ fact|amount }}``."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhongshi.core.templatetags.ui import badge
from zhongshi.vocabulary import labels

register = template.Library()

VERDICTS = {
    "pass": ("ok", pgettext_lazy("verdict", "met")),
    "fail": ("bad", pgettext_lazy("verdict", "not met")),
    "unknown": ("unknown", pgettext_lazy("verdict", "to be confirmed")),
}

register.filter("region", labels.region_label)
register.filter("quantity", labels.quantity_label)
register.filter("kind_name", labels.kind_label)
register.filter("condition", labels.condition_label)
register.filter("number", labels.number_label)


@register.filter
def term(code: str, kind: str) -> str:
    """The name of a term: ``{{ "GMP"|term:"qualification" }}``."""
    return labels.value_label(kind, code)


@register.filter
def amount(fact: Any) -> str:
    """The value of a parameter row (low, high, unit, count): 500–1,000 L × 4."""
    return labels.parameter_label(fact.low, fact.high, fact.unit, fact.count)


@register.simple_tag
def verdict(value: str) -> SafeString:
    """A verdict (pass, fail, unknown) as icon, word and colour."""
    tone, word = VERDICTS.get(value, ("unknown", _("unknown")))
    return badge(tone, word)
