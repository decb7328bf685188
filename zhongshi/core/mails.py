"""The one form of our mails: HTML for people who like it, plain text with the same words for everybody else.

The HTML part is a table with its style on the cells, because Outlook draws with Word; it fetches nothing from the
network, and its colours stay readable where a program turns them dark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a mail that lists several; `link` as in `build`."""

    title: str
    body: str = ""
    link: str = ""


def build(
    *,
    to: str | Sequence[str],
    subject: str,
    heading: str,
    body: str,
    link: str = "",
    action: str = "",
    language: str,
    reference: str = "",
    entries: Sequence[Entry] = (),
    footer: str = "",
) -> EmailMultiAlternatives:
    """Make one mail in `language` ("zh-hans" or "en"); the caller sends it.

    `body` is plain text, a blank line starts a paragraph; everything is escaped in the HTML part. `link` is a path of
    this service or a whole address, `action` the words on its button. The same `reference` gives the same Message-ID,
    so that a mail sent twice is shown once. `footer` says why this person gets it.
    """
    with translation.override(language):
        context = {
            "heading": heading,
            "paragraphs": [part.strip() for part in body.split("\n\n") if part.strip()],
            "link": address(link),
            "action": action,
            "entries": [Entry(entry.title, entry.body, address(entry.link)) for entry in entries],
            "footer": footer,
            "site": settings.SITE_URL,
            "language": "en" if language == "en" else "zh-Hans",
        }
        html = render_to_string("mails/message.html", context)
        text = render_to_string("mails/message.txt", context)
    mail = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=f"{text.strip()}\n",
        to=[to] if isinstance(to, str) else list(to),
        headers=_headers(reference),
    )
    mail.attach_alternative(html, "text/html")
    return mail


def address(link: str) -> str:
    """Make a path of this service a whole address; leave addresses and nothing as they are."""
    return f"{settings.SITE_URL}{link}" if link.startswith("/") else link


def _headers(reference: str) -> dict[str, str]:
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    if reference:
        headers["Message-ID"] = f"<{reference}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>"
    return headers
