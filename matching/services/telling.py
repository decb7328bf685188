"""Who is told about a match, with which parameters."""

from __future__ import annotations

from typing import Any

from matching.models import Match
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
    """Tell the people of the capability's operator; nobody where it has no account here."""
    organization = match.capability.platform.organization
    if organization is None:
        return
    notifications.owe(
        members_of(organization, Role.OPERATOR),
        event,
        key=f"{event}:{match.uuid}{key}",
        path=f"/desk/leads/{match.uuid}/",
        params=_params(match) | params,
    )


def lead_round(match: Match) -> str:
    """End of a notice's key: a lead that was withdrawn and handed out again is told of anew, within one run too."""
    due = match.answer_due_at
    return f":{match.run_id}:{due:%Y%m%d%H%M%S%f}" if due else f":{match.run_id}"


def _params(match: Match) -> dict[str, Any]:
    return {"number": match.need.number, "title": match.need.title, "capability": match.capability.name}
