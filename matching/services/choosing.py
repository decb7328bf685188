"""The enterprise chooses one; contacts are released to both sides."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.enums import IN_TALKS, MatchStatus
from matching.models import Match
from matching.rules import owns_need
from requests.enums import NeedStatus
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import OrganizationStatus
from zhongshi.accounts.models import Organization
from zhongshi.accounts.rules import NotTakingPart, require_taking_part
from zhongshi.accounts.services.consents import contacts_agree
from zhongshi.core.audit import record
from zhongshi.core.errors import IllegalTransition, NotAllowed
from zhongshi.core.transitions import advance

from .locking import lock_match, lock_need, lock_organizations
from .telling import tell_operator


def match_choose(*, actor: Actor, match: Match) -> Match:
    """Choose this match for its need; the others in talks are told, and both sides see each other's contacts.

    Raises IllegalTransition unless the operator accepted or quoted and the need is still open, and where its newest
    offer has run out. The need's row is locked first, so of two choices at once one finds the need contracted.
    """
    if not owns_need(actor, match):
        raise NotAllowed
    require_taking_part(actor)
    seen = match.status
    with transaction.atomic(durable=True):
        need = lock_need(match.need_id)
        if need.status != NeedStatus.OPEN:
            raise IllegalTransition
        chosen = lock_match(match)
        chosen.status = seen
        _require_standing(chosen)
        _require_both(chosen, actor)
        advance(chosen, MatchStatus.CHOSEN, actor=actor.user, zone_code=need.zone.code)
        advance(need, NeedStatus.CONTRACTED, actor=actor.user, zone_code=need.zone.code)
        contacts_agree(user=actor.user, match=chosen.uuid)
        record("contacts_released", chosen, actor=actor.user, zone_code=need.zone.code)
        tell_operator(chosen, "match.chosen")
        _release_others(chosen, actor)
    return chosen


def _require_standing(match: Match) -> None:
    newest = match.quotes.first()
    if newest and newest.valid_until < timezone.localdate():
        raise IllegalTransition(_("This offer has run out. Ask the operator for a new one."))


def _require_both(match: Match, actor: Actor) -> None:
    """Neither side may have been suspended meanwhile: the office waits at their rows until this transaction is over."""
    operator = match.capability.platform.organization
    both = {actor.organization.pk} | ({operator.pk} if operator else set())
    lock_organizations(both)
    away = set(
        Organization.objects.filter(pk__in=both)
        .exclude(status=OrganizationStatus.APPROVED)
        .values_list("pk", flat=True)
    )
    if actor.organization.pk in away:
        raise NotTakingPart
    if away:
        raise IllegalTransition(_("This operator does not take part at present. Its offer rests until it does again."))


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
