"""The enterprise chooses one; contacts are released to both sides."""

from __future__ import annotations

from django.db import transaction

from matching.enums import IN_TALKS, MatchStatus
from matching.models import Match
from matching.rules import owns_need
from requests.enums import NeedStatus
from zhongshi.accounts.actors import Actor
from zhongshi.core.audit import record
from zhongshi.core.errors import IllegalTransition, NotAllowed
from zhongshi.core.transitions import advance

from .locking import lock_match, lock_need
from .telling import tell_operator


def match_choose(*, actor: Actor, match: Match) -> Match:
    """Choose this match for its need; the others in talks are told, and both sides see each other's contacts.

    Raises IllegalTransition unless the operator accepted or quoted and the need is still open. The need's row is
    locked first, so of two choices at once one finds the need contracted.
    """
    if not owns_need(actor, match):
        raise NotAllowed
    seen = match.status
    with transaction.atomic(durable=True):
        need = lock_need(match.need_id)
        if need.status != NeedStatus.OPEN:
            raise IllegalTransition
        chosen = lock_match(match)
        chosen.status = seen
        advance(chosen, MatchStatus.CHOSEN, actor=actor.user, zone_code=need.zone.code)
        advance(need, NeedStatus.CONTRACTED, actor=actor.user, zone_code=need.zone.code)
        record("contacts_released", chosen, actor=actor.user, zone_code=need.zone.code)
        tell_operator(chosen, "match.chosen")
        _release_others(chosen, actor)
    return chosen


def _release_others(chosen: Match, actor: Actor) -> None:
    others = (
        Match.objects.select_for_update(of=("self",))
        .select_related("need__zone", "need__organization", "capability__platform__organization")
        .filter(need_id=chosen.need_id, status__in=[*IN_TALKS, MatchStatus.PROPOSED])
        .exclude(pk=chosen.pk)
        .order_by("pk")
    )
    for other in others:
        if other.status == MatchStatus.PROPOSED:
            advance(other, MatchStatus.WITHDRAWN, actor=actor.user, zone_code=other.need.zone.code)
            continue
        advance(other, MatchStatus.NOT_CHOSEN, actor=actor.user, zone_code=other.need.zone.code)
        tell_operator(other, "match.not_chosen")
