"""Words and classes of the capacity grid and of the desk's lists."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platforms.desk.grid import PARTLY, Cell
from platforms.enums import CertificateStatus, ListingStatus, SlotState
from zhongshi.core.templatetags.ui import icon

register = template.Library()

_CLASSES = {
    SlotState.FREE: "slot-free",
    SlotState.BOOKED: "slot-booked",
    SlotState.MAINTENANCE: "slot-service",
    SlotState.RESERVED: "slot-held",
    PARTLY: "slot-free",
}
_TONES: dict[str, tuple[str, str]] = {
    ListingStatus.DRAFT: ("ended", "edit"),
    ListingStatus.SUBMITTED: ("waiting", "waiting"),
    CertificateStatus.CHECKED: ("waiting", "waiting"),
    ListingStatus.PUBLISHED: ("done", "ok"),
    ListingStatus.RETURNED: ("bad", "warn"),
    ListingStatus.SUSPENDED: ("ended", "minus"),
}


@register.filter
def slot_class(cell: Cell) -> str:
    """The class that colours the cell."""
    return "slot-proposed" if cell.is_suggested else _CLASSES.get(cell.state, "slot-unknown")


@register.filter
def slot_word(cell: Cell) -> str:
    """What stands in the cell."""
    if cell.is_suggested:
        return str(pgettext_lazy("capacity", "suggested"))
    if cell.state == PARTLY:
        return str(_("partly free"))
    return str(SlotState(cell.state).label) if cell.state else "—"


@register.simple_tag
def listing_pill(status: str) -> SafeString:
    """The status of a listing or certificate: icon, word and colour."""
    tone, symbol = _TONES[status]
    return format_html('<span class="pill pill-{}">{}{}</span>', tone, icon(symbol), CertificateStatus(status).label)
