"""A need's status and history in words, marked text, a form's complaints."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from requests import disclosure
from requests.enums import AgreementStatus, NeedStatus, ReturnReason, Visibility
from requests.marking import Piece
from requests.models import Need
from zhongshi.core.deeds import deed
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


@register.simple_tag
def return_reasons() -> list[tuple[str, str]]:
    """The common reasons to send a need back: (code, words)."""
    return [(code, str(words)) for code, words in ReturnReason.choices]


@register.filter
def need_status(status: str) -> str:
    """The status in words; as it is where nobody knows it."""
    return str(NeedStatus(status).label) if status in NeedStatus.values else status


@register.filter
def need_deed(entry: AuditEntry) -> str:
    """What an entry of the need's history says was done."""
    return need_status(entry.to_status) if entry.to_status else deed(entry.action)


@register.filter
def listed_name(need: Need) -> str:
    """How a list calls a need for anybody but its owner."""
    return disclosure.listed_name(need)


@register.filter
def agreement_status(status: str) -> str:
    """Where a signed agreement stands, in words."""
    return str(AgreementStatus(status).label) if status in AgreementStatus.values else status


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
