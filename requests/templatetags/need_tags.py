"""A need's status and history in words, marked text, a form's complaints."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from requests.enums import NeedStatus, Visibility
from requests.marking import Piece
from zhongshi.core.models import AuditEntry

register = template.Library()
_TONES = {
    NeedStatus.DRAFT: "ended",
    NeedStatus.SUBMITTED: "waiting",
    NeedStatus.RETURNED: "waiting",
    NeedStatus.OPEN: "active",
    NeedStatus.CONTRACTED: "done",
    NeedStatus.COMPLETED: "done",
}


@register.simple_tag
def need_pill(status: str) -> SafeString:
    """The status as a pill: word and tone."""
    tone = _TONES.get(NeedStatus(status), "ended")
    return format_html('<span class="pill pill-{}">{}</span>', tone, NeedStatus(status).label)


@register.filter
def need_status(status: str) -> str:
    """The status in words; as it is where nobody knows it."""
    return str(NeedStatus(status).label) if status in NeedStatus.values else status


@register.filter
def need_deed(entry: AuditEntry) -> str:
    """What an entry of the need's history says was done."""
    if entry.action == "edited":
        return _("edited by the zone office")
    return need_status(entry.to_status) if entry.to_status else entry.action


@register.filter
def visibility(value: str) -> str:
    """Who may read the text, in words."""
    return str(Visibility(value).label) if value in Visibility.values else value


@register.simple_tag
def marks(pieces: Iterable[Piece]) -> SafeString:
    """The text with the words of each condition in <mark>; line ends stay, the style keeps them."""
    return format_html_join(
        "",
        "{}",
        (
            (piece.text,) if piece.condition is None else (format_html("<mark>{}</mark>", piece.text),)
            for piece in pieces
        ),
    )
