"""Who is told about a match, with which parameters."""

from __future__ import annotations

from typing import Any

from matching.models import Match
from requests.disclosure import notice_title, notice_words
from zhongshi.accounts.actors import members_of
from zhongshi.accounts.enums import Role
from zhongshi.core import notifications

# Parameters of notices in which somebody writes in their own words.
_FREE = frozenset({"question", "answer", "reason", "note"})


def tell_owner(match: Match, event: str, *, key: str = "", page: str = "matches/", **params: Any) -> None:
    """Tell the people of the need's enterprise; in the caller's transaction. `page` is below the need's own."""
    need = match.need
    notifications.owe(
        members_of(need.organization, Role.ENTERPRISE),
        event,
        key=f"{event}:{match.uuid}{key}",
        path=f"/needs/{need.number}/{page}",
        params=_params(match) | _written(match, params),
    )


def tell_operator(match: Match, event: str, *, key: str = "", **params: Any) -> None:
    """Tell the people of the capability's operator; nobody where it has no account here.

    A confidential need's number stands for its title, signed or not: notices and mails leave the house unrecorded.
    """
    organization = match.capability.platform.organization
    if organization is None:
        return
    notifications.owe(
        members_of(organization, Role.OPERATOR),
        event,
        key=f"{event}:{match.uuid}{key}",
        path=f"/desk/leads/{match.uuid}/",
        params=_params(match) | _written(match, params),
    )


def lead_round(match: Match) -> str:
    """End of a notice's key: a lead that was withdrawn and handed out again is told of anew, within one run too."""
    due = match.answer_due_at
    return f":{match.run_id}:{due:%Y%m%d%H%M%S%f}" if due else f":{match.run_id}"


def _params(match: Match) -> dict[str, Any]:
    need = match.need
    return {"number": need.number, "title": notice_title(need), "capability": match.capability.name}


def _written(match: Match, words: dict[str, Any]) -> dict[str, Any]:
    """What people wrote to each other about a confidential need stays on its page."""
    return {key: notice_words(match.need, value) if key in _FREE else value for key, value in words.items()}
