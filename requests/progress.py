"""How far a need has come among the platforms.

Needs do not know matches; the app above that does names its teller here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.module_loading import import_string

from .models import Need


@dataclass(frozen=True, slots=True)
class Progress:
    """What has come of a need so far; times are None for what has not happened.

    `asked` operators have it as a lead, `due_at` is the next of their deadlines. `questions` wait for the owner.
    `quotes` stand to be chosen from until `quotes_until`. `partner` is the chosen platform.
    """

    scored_at: datetime | None = None
    matches: int = 0
    best: float | None = None
    asked: int = 0
    asked_at: datetime | None = None
    asked_by: str = ""
    due_at: datetime | None = None
    answers: int = 0
    willing: int = 0
    questions: int = 0
    quotes: int = 0
    quoted_at: datetime | None = None
    quoted_by: str = ""
    quotes_until: date | None = None
    partner: str = ""


Teller = Callable[[Need], Progress]
_tellers: list[str] = []


def subscribe(teller: str) -> None:
    """Have `teller` (dotted path of a function taking a need) asked; the last one named tells."""
    _tellers[:] = [teller]


def progress_of(need: Need) -> Progress:
    """What the teller knows; nothing where nobody tells."""
    if not _tellers:
        return Progress()
    teller: Teller = import_string(_tellers[0])
    return teller(need)
