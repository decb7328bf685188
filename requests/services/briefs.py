"""The words of an uploaded task brief. The file itself is kept nowhere."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests.briefs.bounded import Broke, Limits, TookTooLong, run
from requests.briefs.refusals import Reason
from zhongshi.core.errors import DomainError, InvalidInput, Text, TooLarge

MAX_BYTES = 10_000_000
MAX_NAME = 80
_ROOT = str(Path(__file__).resolve().parents[2])
_CODE = f"import sys; sys.path.insert(0, {_ROOT!r}); from requests.briefs import program; program.main()"
# Each may take more than half a gigabyte: a process that serves pages looks at this many at once, the others wait.
_AT_ONCE = BoundedSemaphore(2)
_PATIENCE = 15.0
_MESSAGES: dict[Reason, Text] = {
    Reason.EMPTY: gettext_lazy("“%(name)s” is empty."),
    Reason.WRONG_TYPE: gettext_lazy("“%(name)s” is no Word file (.docx), PDF or plain text, whatever its name says."),
    Reason.OLD_WORD: gettext_lazy("“%(name)s” is in the old Word format. Save it as .docx and upload that."),
    Reason.ENCRYPTED: gettext_lazy("“%(name)s” is protected by a password. Upload a copy without one."),
    Reason.SCANNED: gettext_lazy(
        "“%(name)s” holds pictures of pages and no text. Upload the original, or paste its words."
    ),
    Reason.PAGES: gettext_lazy("“%(name)s” has more than %(most)s pages. Upload the part that describes the need."),
    Reason.INFLATED: gettext_lazy("“%(name)s” unpacks to far more than a brief needs and was not opened."),
    Reason.UNSAFE: gettext_lazy("“%(name)s” holds instructions no Word file needs and was not opened."),
    Reason.DAMAGED: gettext_lazy("“%(name)s” is damaged and cannot be read. Save it anew and try again."),
}
_TOO_LONG = gettext_lazy("“%(name)s” takes too long to read. Upload a simpler copy, or paste its words.")


class Busy(DomainError):
    """Too many files are being read at this moment."""

    code = "busy"
    status = 503
    default_detail = gettext_lazy("Other files are being read right now. Please try again in a moment.")


@dataclass(frozen=True, slots=True)
class Brief:
    """What was found: `text` in lines, `kind` docx, pdf or txt, `pages` of a PDF."""

    text: str
    kind: str
    pages: int | None

    @property
    def heading(self) -> str:
        """The first line where it is short enough to be a title, else nothing."""
        first = self.text.split("\n", 1)[0].strip("：:。 ")
        return first if 4 <= len(first) <= MAX_NAME and "：" not in first else ""


def brief_read(*, name: str, data: bytes, limits: Limits | None = None) -> Brief:
    """The words of a .docx, PDF or plain text of at most 10 MB; what it is, its content says.

    Read in a process of its own that is bounded in memory and time. Raises InvalidInput or TooLarge naming the file
    in the field `brief`, Busy while too many are being read.
    """
    name = _shown(name)
    if len(data) > MAX_BYTES:
        raise TooLarge(errors={"brief": [_("“%(name)s” is larger than 10 MB.") % {"name": name}]})
    if not _AT_ONCE.acquire(timeout=_PATIENCE):
        raise Busy
    try:
        answer = json.loads(run(_CODE, data, limits or Limits()))
    except TookTooLong as slow:
        raise _refusal(
            _("“%(name)s” takes too long to read. Upload a simpler copy, or paste its words."), name
        ) from slow
    except (Broke, ValueError) as problem:
        raise _refusal(_MESSAGES[Reason.DAMAGED], name) from problem
    finally:
        _AT_ONCE.release()
    return _brief(answer, name)


def _brief(answer: dict[str, Any], name: str) -> Brief:
    if "refused" in answer:
        raise _refusal(_MESSAGES[Reason(answer["refused"])], name, answer["most"])
    return Brief(text=answer["text"], kind=answer["kind"], pages=answer["pages"])


def _refusal(message: Text, name: str, most: int | None = None) -> InvalidInput:
    return InvalidInput(errors={"brief": [str(message) % {"name": name, "most": most}]})


def _shown(name: str) -> str:
    plain = "".join(sign for sign in name if sign.isprintable())
    return plain if len(plain) <= MAX_NAME else f"{plain[: MAX_NAME - 1]}…"
