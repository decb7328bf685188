"""The zone's office proposes a listing for a need by hand, whatever the engine ranked."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from matching import catalogue
from matching.enums import MatchStatus
from matching.models import Match
from matching.rules import may_nominate
from matching.selectors import newest_run
from matching.zone_rules import rules_in_force
from platforms.models import Capability
from requests.enums import NeedStatus
from requests.models import Need
from requests.selectors import need_record
from zhongshi.accounts.actors import Actor
from zhongshi.core.audit import record
from zhongshi.core.errors import IllegalTransition, InvalidInput, NotAllowed

from .locking import lock_need
from .proposing import propose, rank_matches

MAX_NOTE = 500


def match_nominate(*, actor: Actor, need: Need, capability: Capability, note: str) -> Match:
    """Propose the pair with the engine's own verdicts, also against them; it is reviewed like any other.

    Raises NotAllowed outside one's zone, InvalidInput without a reason or where the pair has a match already,
    IllegalTransition where the need is not open, not scored yet, or the listing is not published.
    """
    if not may_nominate(actor, need):
        raise NotAllowed
    if not note.strip() or len(note) > MAX_NOTE:
        raise InvalidInput(errors={"note": [_("Please say in at most %(most)s characters why.") % {"most": MAX_NOTE}]})
    # The engine outside any transaction, as for scoring; the need is looked at again under its lock.
    found = catalogue.judge(capability.pk, need_record(need), rules=rules_in_force(need.zone).weights)
    if found is None:
        raise IllegalTransition(_("This listing is not published, so nobody could be told."))
    with transaction.atomic(durable=True):
        held = lock_need(need.pk)
        run = newest_run(held)
        if held.status != NeedStatus.OPEN or held.revision != need.revision or run is None:
            raise IllegalTransition(_("The need is not open, or is just being scored. Please look again in a moment."))
        match = Match.objects.select_for_update(of=("self",)).filter(need=held, capability=capability).first()
        if match is not None and match.status != MatchStatus.WITHDRAWN:
            raise InvalidInput(_("This listing is among the need's matches already."))
        match = propose(held, run, found, match)
        Match.objects.filter(pk=match.pk).update(nominated_by=actor.user)
        match.nominated_by = actor.user
        record("nominated", match, actor=actor.user, note=note.strip(), zone_code=held.zone.code)
        rank_matches(held)
    return match
