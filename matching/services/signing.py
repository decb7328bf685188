"""The confidentiality agreement (保密协议): an operator signs for a need, the enterprise opens it or ends that."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.enums import IN_TALKS, RELEASED
from matching.models import Match
from matching.rules import may_sign, operates
from requests.agreement_words import words_for
from requests.disclosure import Reader, is_confidential
from requests.enums import AgreementStatus, NeedStatus
from requests.models import Agreement, Need
from requests.rules import owns
from zhongshi.accounts.actors import Actor
from zhongshi.core.audit import record
from zhongshi.core.errors import IllegalTransition, InvalidInput, NotAllowed, StaleTransition
from zhongshi.core.transitions import advance

from .locking import lock_match, lock_need
from .telling import tell_operator, tell_owner

_SIGNABLE = frozenset({NeedStatus.OPEN, NeedStatus.CONTRACTED, NeedStatus.COMPLETED})
_MOST_NAME = 100
VERDICTS: dict[str, str] = {
    "allow": AgreementStatus.ACTIVE,
    "refuse": AgreementStatus.REFUSED,
    "revoke": AgreementStatus.REVOKED,
}
_EVENTS: dict[str, str] = {
    AgreementStatus.ACTIVE: "agreement.opened",
    AgreementStatus.REFUSED: "agreement.refused",
    AgreementStatus.REVOKED: "agreement.revoked",
}


class MayNotSign(NotAllowed):
    """Only who manages an organization signs for it."""

    default_detail = gettext_lazy("Only a manager of your organization may sign for it.")


def lead_sign(*, reader: Reader, match: Match, name: str, agrees: bool, digest: str = "") -> Agreement:
    """Sign for the lead's need; the text opens at once, or when the enterprise that asks to be asked says yes.

    `digest` is that of the words the person read: StaleTransition where the text was replaced meanwhile. Raises
    NotAllowed for another organization, MayNotSign for one of its people without that right, InvalidInput naming
    `name` or `agrees`, IllegalTransition for a second signature and where need or lead is over. The need's row is
    locked first, so of signing and withdrawing one finds what the other has done.
    """
    actor = reader.actor
    if actor is None or not operates(actor, match):
        raise NotAllowed
    if not may_sign(actor):
        raise MayNotSign
    _check(name, agrees)
    with transaction.atomic(durable=True):
        need, lead = lock_need(match.need_id), lock_match(match)
        _require_signable(need, lead, actor)
        agreement = _sign(reader, actor, need, name.strip(), digest)
        is_asked = agreement.status == AgreementStatus.WAITING
        event = "agreement.waiting" if is_asked else "agreement.signed"
        tell_owner(lead, event, key=f":{agreement.uuid}", page="", organization=actor.organization.name)
    return agreement


def _check(name: str, agrees: bool) -> None:
    errors: dict[str, list[str]] = {}
    if not 2 <= len(name.strip()) <= _MOST_NAME:
        errors["name"] = [_("Type your full name: that is your signature.")]
    if not agrees:
        errors["agrees"] = [_("Tick that you have read the agreement and sign it for your organization.")]
    if errors:
        raise InvalidInput(errors=errors)


def _require_signable(need: Need, lead: Match, actor: Actor) -> None:
    if not is_confidential(need):
        raise IllegalTransition(_("This need asks for no agreement."))
    if need.status not in _SIGNABLE or lead.reviewed_at is None or lead.status not in IN_TALKS | RELEASED:
        raise IllegalTransition
    if Agreement.objects.filter(need=need, organization=actor.organization).exists():
        raise IllegalTransition(_("Your organization has signed already."))


def _sign(reader: Reader, actor: Actor, need: Need, name: str, digest: str) -> Agreement:
    words, terms = words_for(need), getattr(need, "terms", None)
    if digest and digest != words.digest:
        raise StaleTransition
    agreement = Agreement.objects.create(
        status=AgreementStatus.WAITING if terms and terms.asks_first else AgreementStatus.ACTIVE,
        need=need,
        organization=actor.organization,
        signed_by=actor.user,
        typed_name=name,
        address=reader.address,
        version=words.version,
        words=words.whole,
        digest=words.digest,
        revision=need.revision,
    )
    detail = {"need": str(need.uuid), "version": words.version, "digest": words.digest, "revision": need.revision}
    record("signed", agreement, actor=actor.user, zone_code=need.zone.code, detail=detail)
    return agreement


def agreement_decide(*, actor: Actor, agreement: Agreement, verdict: str) -> Agreement:
    """The owner lets a signatory read (`allow`), says no (`refuse`) or ends further reading (`revoke`).

    What was read stays in the record, and the signature stays. Raises NotAllowed for anyone but the need's owner,
    InvalidInput for another word, IllegalTransition or StaleTransition where the agreement no longer stands so.
    """
    if not owns(actor, agreement.need):
        raise NotAllowed
    target = VERDICTS.get(verdict)
    if target is None:
        raise InvalidInput(errors={"verdict": [_("Choose allow, refuse or revoke.")]})
    with transaction.atomic(durable=True):
        need = lock_need(agreement.need_id)
        advance(agreement, target, actor=actor.user, zone_code=need.zone.code)
        lead = _newest_lead(agreement)
        if lead is not None:
            moved = f"{agreement.status_changed_at:%Y%m%d%H%M%S%f}"
            tell_operator(lead, _EVENTS[target], key=f":{agreement.uuid}:{moved}")
    return agreement


def _newest_lead(agreement: Agreement) -> Match | None:
    rows = Match.objects.filter(need=agreement.need_id, capability__platform__organization=agreement.organization_id)
    leads = rows.filter(reviewed_at__isnull=False).order_by("-status_changed_at", "-pk")
    return leads.select_related("need__organization", "capability__platform__organization").first()
