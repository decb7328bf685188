"""What is signed: the zone's own text of the agreement, and what an enterprise asks for its need beside it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from requests.models import AgreementText, Need, NeedTerms
from requests.rules import owns
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Zone
from zhongshi.core.audit import record
from zhongshi.core.errors import InvalidInput, NotAllowed, StaleTransition

from .needs import locked

MOST_TEXT = 20_000
_LEAST_TEXT = 50


def agreement_text_save(*, actor: Actor, chinese: str, english: str = "", seen: int) -> AgreementText:
    """Put the zone's own text in force as a new version; what was signed before stays as it was signed.

    `seen` is the number of the zone's text the page showed (0: none): StaleTransition where another came between.
    Raises NotAllowed for anyone but a zone's office, InvalidInput naming `chinese` or `english`.
    """
    if not actor.is_zone_admin:
        raise NotAllowed
    _check(chinese, english)
    with transaction.atomic(durable=True):
        Zone.objects.select_for_update(no_key=True).get(pk=actor.zone.pk)
        newest = AgreementText.objects.filter(zone=actor.zone).aggregate(newest=Max("number"))["newest"] or 0
        if newest != seen:
            raise StaleTransition
        row = AgreementText.objects.create(
            zone=actor.zone,
            number=newest + 1,
            chinese=chinese.strip(),
            english=english.strip(),
            created_by=actor.user,
        )
        detail = {"version": str(row)}
        record("agreement_text_saved", row, actor=actor.user, zone_code=actor.zone.code, detail=detail)
    return row


def _check(chinese: str, english: str) -> None:
    errors: dict[str, list[str]] = {}
    if len(chinese.strip()) < _LEAST_TEXT:
        errors["chinese"] = [_("The Chinese text is the one that counts; at least 50 characters.")]
    for name, text in (("chinese", chinese), ("english", english)):
        if len(text) > MOST_TEXT:
            errors[name] = [_("At most %(most)s characters.") % {"most": MOST_TEXT}]
    if errors:
        raise InvalidInput(errors=errors)


def need_terms_save(*, actor: Actor, need: Need, asks_first: bool, own_text: str = "") -> NeedTerms:
    """Keep what the enterprise asks of those who sign from now on; earlier signatures stay as they are.

    Raises NotAllowed for anyone but the owner, InvalidInput for a text that is too long.
    """
    if not owns(actor, need):
        raise NotAllowed
    if len(own_text) > MOST_TEXT:
        raise InvalidInput(errors={"own_text": [_("At most %(most)s characters.") % {"most": MOST_TEXT}]})
    with transaction.atomic(durable=True):
        need = locked(need)
        terms, _created = NeedTerms.objects.update_or_create(
            need=need,
            defaults={"asks_first": asks_first, "own_text": own_text.strip(), "updated_by": actor.user},
        )
        detail = {"asks_first": asks_first, "own_text": bool(terms.own_text)}
        record("terms_saved", need, actor=actor.user, zone_code=need.zone.code, detail=detail)
    return terms
