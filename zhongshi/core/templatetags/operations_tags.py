"""Lengths of time for whoever runs the service."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.translation import ngettext

register = template.Library()
_STEPS = ((86_400, "days"), (3_600, "hours"), (60, "minutes"))


@register.filter
def lasting(seconds: float) -> str:
    """3 700 → "1 hour": the largest whole unit."""
    size, unit = next((step for step in _STEPS if seconds >= step[0]), (1, "seconds"))
    number = max(0, int(seconds // size))
    words = {
        "days": ngettext("%(number)s day", "%(number)s days", number),
        "hours": ngettext("%(number)s hour", "%(number)s hours", number),
        "minutes": ngettext("%(number)s minute", "%(number)s minutes", number),
        "seconds": ngettext("%(number)s second", "%(number)s seconds", number),
    }
    return words[unit] % {"number": number}


@register.filter
def lasting_since(moment: datetime) -> str:
    """How long ago, as `lasting`."""
    return lasting((timezone.now() - moment).total_seconds())
