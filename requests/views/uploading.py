"""A task brief as a file: its words go into the sheet, after those that were typed, and are read."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _

from requests.services.briefs import MAX_BYTES, Brief, brief_read
from requests.services.reading import MAX_TEXT
from zhongshi.core.errors import InvalidInput, TooLarge


def with_brief(posted: QueryDict, upload: UploadedFile[Any] | None) -> tuple[QueryDict, Brief, bool]:
    """What was sent with the file's words added, the brief, and whether it had to be cut to fit.

    Raises InvalidInput or TooLarge in the field `brief`, and then what was sent stays as it was.
    """
    if upload is None:
        raise InvalidInput(errors={"brief": [_("Choose a file first.")]})
    name = upload.name or _("The file")
    if (upload.size or 0) > MAX_BYTES:
        raise TooLarge(errors={"brief": [_("“%(name)s” is larger than 10 MB.") % {"name": name}]})
    brief = brief_read(name=name, data=upload.read())
    sent = posted.copy()
    typed = sent.get("text", "").replace("\r\n", "\n").strip()
    room = MAX_TEXT - len(typed) - 2
    if room <= 0:
        raise TooLarge(errors={"brief": [_("The description is full; “%(name)s” does not fit in.") % {"name": name}]})
    sent["text"] = "\n\n".join(part for part in (typed, brief.text[:room]) if part)
    if not sent.get("title", "").strip():
        sent["title"] = brief.heading
    return sent, brief, len(brief.text) > room
