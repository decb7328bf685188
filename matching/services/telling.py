"""Who is told about a match, with which parameters."""

from __future__ import annotations

from typing import Any

from matching.models import Match
from matching.rules import shows_full_text
from zhongshi.accounts.actors import members_of
from zhongshi.accounts.enums import Role
from zhongshi.core import notifications


def tell_owner(match: Match, event: str, *, key: str = "", **params: Any) -> None:
    """Tell the people of the need's enterprise; in the caller's transaction."""
    need = match.need
    notifications.owe(
        members_of(need.organization, Role.ENTERPRISE),
        event,
        key=f"{event}:{match.uuid}{key}",
        path=f"/needs/{need.number}/matches/",
        params=_params(match) | params,
    )


def tell_operator(match: Match, event: str, *, key: str = "", **params: Any) -> None:
    """Tell the people of the capability's operator; nobody where it has no account here.

    Where the need's text waits for a confidentiality agreement its number stands for the title: a notice and a mail
    disclose no more than the lead's own page.
    """
    organization = match.capability.platform.organization
    if organization is None:
        return
    notifications.owe(
        members_of(organization, Role.OPERATOR),
        event,
        key=f"{event}:{match.uuid}{key}",
        path=f"/desk/leads/{match.uuid}/",
        params=_params(match) | _disclosed(match) | params,
    )


def lead_round(match: Match) -> str:
    """End of a notice's key: a lead that was withdrawn and handed out again is told of anew, within one run too."""
    due = match.answer_due_at
    return f":{match.run_id}:{due:%Y%m%d%H%M%S%f}" if due else f":{match.run_id}"


def _disclosed(match: Match) -> dict[str, Any]:
    return {} if shows_full_text(match) else {"title": match.need.number}


def _params(match: Match) -> dict[str, Any]:
    return {"number": match.need.number, "title": match.need.title, "capability": match.capability.name}
