"""The enterprise says that a match does not fit (不合适), and why."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from matching.enums import IN_TALKS, MatchStatus, UnfitReason
from matching.models import Dismissal, Match
from matching.rules import owns_need
from requests.enums import NeedStatus
from zhongshi.accounts.actors import Actor
from zhongshi.core.audit import record
from zhongshi.core.errors import IllegalTransition, InvalidInput, NotAllowed
from zhongshi.core.transitions import advance

from .locking import lock_match, lock_need
from .telling import tell_operator

MOST_WORDS = 500


def match_dismiss(*, actor: Actor, match: Match, code: str, words: str = "") -> Dismissal:
    """Turn a match down before any choice; it stays readable with its reason and is not proposed again.

    An operator that has it as a lead is told politely, with the reason; one that never saw it learns nothing.
    Raises NotAllowed for anyone but the need's owner, InvalidInput naming `code` or `words`, IllegalTransition where
    the match was answered with no or the need is no longer open, StaleTransition for a lost race.
    """
    if not owns_need(actor, match):
        raise NotAllowed
    _check(code, words.strip())
    seen = match.status
    with transaction.atomic(durable=True):
        need = lock_need(match.need_id)
        if need.status != NeedStatus.OPEN:
            raise IllegalTransition
        held = lock_match(match)
        held.status = seen
        advance(held, MatchStatus.NOT_CHOSEN, actor=actor.user, note=words.strip(), zone_code=need.zone.code)
        dismissal = Dismissal.objects.create(match=held, code=code, words=words.strip(), said_by=actor.user)
        record("dismissed", held, actor=actor.user, zone_code=need.zone.code, detail={"code": code})
        if seen in IN_TALKS:
            tell_operator(held, "match.unsuited", reason=str(dismissal))
    return dismissal


def _check(code: str, words: str) -> None:
    errors: dict[str, list[str]] = {}
    if code not in UnfitReason.values:
        errors["code"] = [_("Choose a reason.")]
    if code == UnfitReason.OTHER and not words:
        errors["words"] = [_("Please say why in a few words.")]
    if len(words) > MOST_WORDS:
        errors["words"] = [_("At most %(most)s characters.") % {"most": MOST_WORDS}]
    if errors:
        raise InvalidInput(errors=errors)
