"""What has come of a need, for its own page: counted from its matches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from matching.enums import AS_LEAD, RELEASED, MatchStatus
from matching.models import Match
from matching.selectors import newest_run
from requests.models import Need
from requests.progress import Progress

_ASKED = AS_LEAD - {MatchStatus.WITHDRAWN}
_WILLING = frozenset({MatchStatus.ACCEPTED, MatchStatus.QUOTED})


def need_progress(need: Need) -> Progress:
    """Matches, leads, answers, questions and quotes of a need, each with its first time. Four queries."""
    rows = Match.objects.filter(need=need).exclude(status=MatchStatus.WITHDRAWN)
    matches = list(rows.select_related("capability__platform", "reviewed_by").prefetch_related("quotes", "questions"))
    run = newest_run(need)
    leads = [match for match in matches if match.status in _ASKED and match.reviewed_at]
    first = min(leads, key=_reviewed_at, default=None)
    waiting = [match.answer_due_at for match in leads if match.status == MatchStatus.APPROVED and match.answer_due_at]
    chosen = [match for match in matches if match.status in RELEASED]
    return Progress(
        scored_at=run.scored_at if run else None,
        matches=len(matches),
        best=max((match.score for match in matches), default=None),
        asked=len(leads),
        asked_at=first.reviewed_at if first else None,
        asked_by=_name(first.reviewed_by) if first else "",
        due_at=min(waiting, default=None),
        answers=sum(match.answered_at is not None for match in leads),
        willing=sum(match.status in _WILLING for match in matches),
        questions=sum(not question.answered_at for match in matches for question in match.questions.all()),
        partner=chosen[0].capability.platform.name if chosen else "",
        **_quotes(matches),
    )


def _quotes(matches: Sequence[Match]) -> dict[str, Any]:
    """The offers: from whom the first came, how many stand, until when the first of those runs out."""
    every = [(quote.quoted_at, match) for match in matches for quote in match.quotes.all()]
    standing = [
        max(match.quotes.all(), key=lambda quote: quote.pk)
        for match in matches
        if match.status == MatchStatus.QUOTED and match.quotes.all()
    ]
    at, by = min(every, key=lambda pair: pair[0], default=(None, None))
    return {
        "quotes": len(standing),
        "quoted_at": at,
        "quoted_by": by.capability.platform.name if by else "",
        "quotes_until": min((quote.valid_until for quote in standing), default=None),
    }


def _reviewed_at(match: Match) -> datetime:
    assert match.reviewed_at is not None  # noqa: S101 - only those with one are compared
    return match.reviewed_at


def _name(user: Any) -> str:
    return str(user.get_full_name() or user.get_username()) if user else ""
