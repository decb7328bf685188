"""The course of a need from submission to completion, and what comes next: for the head of its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext, pgettext

from zhongshi.core.models import AuditEntry

from .enums import NeedStatus
from .models import Need
from .progress import Progress

# Name, time, who, note.
Station = tuple[str, datetime | None, str, str]
_OF_READING = ("disclosed", "reading_reason")
_OVER = frozenset({NeedStatus.WITHDRAWN, NeedStatus.EXPIRED})


@dataclass(frozen=True, slots=True)
class Step:
    """One station: `state` is done, current or open; `note` says in a word what came of it."""

    name: str
    state: str
    at: datetime | None = None
    who: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class NextStep:
    """One sentence, and one button: `target` is a page of the need (edit, result, quotes, decision) or `again`."""

    sentence: str
    label: str = ""
    target: str = ""
    tone: str = "info"
    detail: str = ""


def course_of(need: Need, history: Sequence[AuditEntry], progress: Progress) -> list[Step]:
    """提交 → 核对 → 匹配 → 询价 → 报价 → 签约 → 完成, each with its time and who did it."""
    stations = [
        _deed(pgettext("course", "submitted"), history, NeedStatus.SUBMITTED),
        _deed(pgettext("course", "checked"), history, NeedStatus.OPEN),
        (pgettext("course", "matched"), progress.scored_at, "", _matches(progress)),
        (pgettext("course", "asked for offers"), progress.asked_at, progress.asked_by, _asked(progress)),
        (pgettext("course", "quoted"), progress.quoted_at, progress.quoted_by, _quoted(progress)),
        _deed(pgettext("course", "contracted"), history, NeedStatus.CONTRACTED, progress.partner),
        _deed(pgettext("course", "completed"), history, NeedStatus.COMPLETED),
    ]
    if need.status in {NeedStatus.DRAFT, NeedStatus.RETURNED}:
        # Back with its owner: what comes after submission is to be done anew.
        stations = [stations[0], *((name, None, "", "") for name, *_rest in stations[1:])]
    if need.status == NeedStatus.RETURNED:
        name, at, who, _note = _deed(stations[1][0], history, NeedStatus.RETURNED)
        returned = Step(name, "current", at, who, str(NeedStatus.RETURNED.label))
        return [*_steps(stations[:1], None), returned, *_steps(stations[2:], None)]
    last = max((place for place, station in enumerate(stations) if station[1]), default=-1)
    now = None if need.status in _OVER or need.status == NeedStatus.COMPLETED else last + 1
    return _steps(stations, now)


def _steps(stations: Sequence[Station], now: int | None) -> list[Step]:
    return [
        Step(name, "done" if at else "current" if place == now else "open", at, who if at else "", note)
        for place, (name, at, who, note) in enumerate(stations)
    ]


def _deed(name: str, history: Sequence[AuditEntry], status: str, note: str = "") -> Station:
    """The newest move to `status`, with who made it; the service itself where nobody did."""
    entry = next((row for row in reversed(history) if row.to_status == status), None)
    if entry is None:
        return name, None, "", ""
    who = entry.actor.get_full_name() or entry.actor.get_username() if entry.actor else _("the service")
    return name, entry.at, who, note


def _matches(progress: Progress) -> str:
    number = progress.matches
    if not progress.scored_at:
        return ""
    return npgettext("course", "%(number)s match", "%(number)s matches", number) % {"number": number}


def _asked(progress: Progress) -> str:
    if not progress.asked:
        return ""
    return _("%(answers)s of %(asked)s have answered") % {"answers": progress.answers, "asked": progress.asked}


def _quoted(progress: Progress) -> str:
    number = progress.quotes
    return ngettext("%(number)s offer", "%(number)s offers", number) % {"number": number} if number else ""


def return_note(need: Need, history: Sequence[AuditEntry]) -> str:
    """Why the zone's office sent the need back; nothing unless it waits for its owner now."""
    if need.status != NeedStatus.RETURNED:
        return ""
    return next((row.note for row in reversed(history) if row.to_status == NeedStatus.RETURNED), "")


def next_for_owner(need: Need, progress: Progress, note: str) -> NextStep:
    """What the enterprise does next, or waits for."""
    if need.status == NeedStatus.OPEN:
        return _next_while_open(progress)
    steps: dict[str, NextStep] = {
        NeedStatus.DRAFT: NextStep(
            _("This draft is not submitted yet; nobody else sees it."), _("Go on writing"), "edit"
        ),
        NeedStatus.SUBMITTED: NextStep(_("The zone's office is checking it; matching starts when it opens the need.")),
        NeedStatus.RETURNED: NextStep(
            _("The zone's office sent it back: please clarify, then submit it again."),
            _("Fix and resubmit"),
            "edit",
            "warn",
            note,
        ),
        NeedStatus.CONTRACTED: NextStep(
            _("You have chosen %(partner)s; the contacts are open to both of you.")
            % {"partner": progress.partner or "—"},
            _("See the contacts"),
            "result",
            "ok",
        ),
        NeedStatus.COMPLETED: NextStep(_("This need is completed."), _("Post it again"), "again", "ok"),
        NeedStatus.WITHDRAWN: NextStep(_("You have taken this need back."), _("Post it again"), "again"),
        NeedStatus.EXPIRED: NextStep(_("The time of this need is over."), _("Post it again"), "again"),
    }
    return steps[need.status]


def _next_while_open(progress: Progress) -> NextStep:
    if progress.scored_at is None:
        return NextStep(_("It is being held against every published capability."), _("See the matches"), "result")
    if progress.questions:
        said = ngettext(
            "%(number)s question waits for your answer.",
            "%(number)s questions wait for your answer.",
            progress.questions,
        )
        return NextStep(said % {"number": progress.questions}, _("Answer"), "result", "warn")
    if progress.quotes:
        return _next_with_quotes(progress)
    if progress.willing:
        said = ngettext(
            "%(number)s platform is willing to take it on.",
            "%(number)s platforms are willing to take it on.",
            progress.willing,
        )
        return NextStep(said % {"number": progress.willing}, _("See who"), "result", "ok")
    if progress.due_at:
        said = _("%(asked)s operators were asked; the next answer is due by %(at)s.")
        at = date_format(timezone.localtime(progress.due_at), "Y-m-d H:i")
        return NextStep(said % {"asked": progress.asked, "at": at}, _("See the matches"), "result")
    if progress.matches:
        said = ngettext("%(number)s capability may fit.", "%(number)s capabilities may fit.", progress.matches)
        return NextStep(said % {"number": progress.matches}, _("See the matches"), "result")
    return NextStep(
        _("Nothing meets every “must”. See what relaxing one would open."), _("Relax a condition"), "result", "warn"
    )


def _next_with_quotes(progress: Progress) -> NextStep:
    said = ngettext("%(number)s offer is there.", "%(number)s offers are there.", progress.quotes) % {
        "number": progress.quotes
    }
    if progress.quotes_until:
        said += " " + _("The first runs out on %(day)s.") % {"day": progress.quotes_until.isoformat()}
    return NextStep(said, _("Compare the offers"), "quotes", "ok")


def next_for_office(need: Need) -> NextStep:
    """What the zone's office does next, or waits for."""
    if need.status == NeedStatus.SUBMITTED:
        return NextStep(_("Check this need: open it, or return it with a note."), _("Decide"), "decision", "warn")
    if need.status == NeedStatus.RETURNED:
        return NextStep(_("Returned; its owner is to clarify."))
    if need.status in _OVER:
        return NextStep(_("This need is over."))
    return NextStep(_("Matching runs; see who may fit and how they answer."), _("See the matches"), "result")


def history_of(need: Need) -> list[Any]:
    """The need's entries in the audit trail, oldest first, with who; readings stand in a record of their own. One
    query."""
    rows = AuditEntry.objects.filter(object_kind="need", object_id=need.uuid)
    return list(rows.exclude(action__in=_OF_READING).select_related("actor").order_by("id"))
