"""The enterprise asks: for an offer of one match, or for the help of the zone's office."""

from __future__ import annotations

from django.db import transaction

from matching.enums import MatchStatus
from matching.models import Inquiry, Match
from matching.rules import owns_need
from matching.selectors import help_asked
from requests.disclosure import notice_title
from requests.enums import NeedStatus
from requests.models import Need
from requests.rules import owns
from zhongshi.accounts.actors import Actor, zone_admins
from zhongshi.core import notifications
from zhongshi.core.audit import record
from zhongshi.core.errors import IllegalTransition, NotAllowed

from .locking import lock_match, lock_need


def match_inquire(*, actor: Actor, match: Match) -> Inquiry:
    """Ask the zone's office to hand this proposed match on to its operator; a second time changes nothing.

    Raises NotAllowed for anyone but the need's owner, IllegalTransition unless the need is open and the match still
    waits for review: after it the operator has it already, or the office has said no.
    """
    if not owns_need(actor, match):
        raise NotAllowed
    with transaction.atomic(durable=True):
        need, held = lock_need(match.need_id), lock_match(match)
        if need.status != NeedStatus.OPEN or held.status != MatchStatus.PROPOSED:
            raise IllegalTransition
        inquiry, is_new = Inquiry.objects.get_or_create(match=held, defaults={"asked_by": actor.user})
        if is_new:
            record("inquired", held, actor=actor.user, zone_code=need.zone.code)
            notifications.owe(
                zone_admins(need.zone),
                "match.inquired",
                key=f"match.inquired:{held.uuid}",
                path=f"/park/review/{held.uuid}/",
                params={"number": need.number, "title": notice_title(need), "capability": held.capability.name},
            )
    return inquiry


def help_ask(*, actor: Actor, need: Need) -> bool:
    """Ask the zone's office to look for a platform by hand; once per revision. Returns whether this was the first time.

    Raises NotAllowed for anyone but the owner, IllegalTransition unless the need is open.
    """
    if not owns(actor, need):
        raise NotAllowed
    with transaction.atomic(durable=True):
        held = lock_need(need.pk)
        if held.status != NeedStatus.OPEN:
            raise IllegalTransition
        if help_asked(held):
            return False
        record("help_asked", held, actor=actor.user, zone_code=held.zone.code, detail={"revision": held.revision})
        notifications.owe(
            zone_admins(held.zone),
            "need.help",
            key=f"need.help:{held.uuid}:{held.revision}",
            path=f"/needs/{held.number}/matches/",
            params={"number": held.number, "title": notice_title(held)},
        )
    return True
