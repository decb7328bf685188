"""What an operator does with a lead: each deed from what was typed, with the words that confirm it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from matching.forms import (
    AskForm,
    DeclineForm,
    QuoteForm,
    QuoteLineFormSet,
    RangeForm,
    SignForm,
    add_up,
    more_lines,
    offer_of,
)
from matching.models import Match
from matching.services.confirming import Reply, lead_confirm
from matching.services.leads import lead_accept, lead_ask, lead_decline, lead_quote
from matching.services.signing import lead_sign
from requests.enums import AgreementStatus
from requests.views.disclosed import reader_of
from zhongshi.accounts.actors import Actor
from zhongshi.core.errors import DomainError


class Incomplete(Exception):
    """A form that is not ready to be sent, to be shown again as it was typed; `is_wrong` unless only more was asked."""

    def __init__(self, *, is_wrong: bool = True, **forms: Any) -> None:
        super().__init__()
        self.forms, self.is_wrong = forms, is_wrong


def _accept(_request: HttpRequest, actor: Actor, match: Match) -> str:
    lead_accept(actor=actor, match=match)
    return _("Accepted. The enterprise knows; send your quote when it is ready.")


def _quote(request: HttpRequest, actor: Actor, match: Match) -> str:
    if "more" in request.POST:
        raise Incomplete(is_wrong=False, quote=_unchecked(request.POST), lines=more_lines(request.POST.dict()))
    form, lines = QuoteForm(request.POST), QuoteLineFormSet(request.POST, prefix="lines")
    if not (form.is_valid() & lines.is_valid()) or not add_up(form, lines):
        raise Incomplete(quote=form, lines=lines)
    lead_quote(actor=actor, match=match, offer=offer_of(form, lines))
    return _("Your quote is on its way to the enterprise.")


def _unchecked(typed: QueryDict) -> QuoteForm:
    """The form as far as it was typed, without complaints: only one more line was asked for."""
    return QuoteForm(initial={name: typed.get(name, "") for name in QuoteForm.base_fields})


def _ask(request: HttpRequest, actor: Actor, match: Match) -> str:
    lead_ask(actor=actor, match=match, text=request.POST.get("question", ""))
    return _("Your question is on its way; the clock goes on.")


def _decline(request: HttpRequest, actor: Actor, match: Match) -> str:
    form = DeclineForm(request.POST)
    if not form.is_valid():
        raise Incomplete(decline=form)
    lead_decline(actor=actor, match=match, reason=form.reason_in_words(), code=form.cleaned_data["reason"])
    return _("Declined. The enterprise reads your reason.")


def _confirm(request: HttpRequest, actor: Actor, match: Match) -> str:
    form = RangeForm(request.POST)
    if not form.is_valid():
        raise Incomplete(confirm=form)
    entered = form.cleaned_data
    reply = Reply(chosen=entered["chosen"], low=entered["low"], high=entered["high"], unit=entered["unit"])
    lead_confirm(actor=actor, match=match, index=entered["condition"], reply=reply)
    return _("Your answer stands in your listing now; open needs are being matched anew.")


def _sign(request: HttpRequest, actor: Actor, match: Match) -> str:
    form = SignForm(request.POST)
    if not form.is_valid():
        raise Incomplete(sign=form)
    agreement = lead_sign(reader=reader_of(request, actor), match=match, **form.cleaned_data)
    if agreement.status == AgreementStatus.WAITING:
        return _("Signed. The enterprise has asked to be asked first; you are told when it has answered.")
    return _("Signed. Title and full text are open to your organization; each reading is recorded.")


Deed = Callable[[HttpRequest, Actor, Match], str]
DEEDS: dict[str, Deed] = {
    "accept": _accept,
    "quote": _quote,
    "ask": _ask,
    "decline": _decline,
    "confirm": _confirm,
    "sign": _sign,
}
_FORMS: dict[str, Callable[[QueryDict], BaseForm]] = {
    "quote": QuoteForm,
    "ask": AskForm,
    "decline": DeclineForm,
    "confirm": RangeForm,
    "sign": SignForm,
}


def forms_sent(request: HttpRequest, action: str, refusal: DomainError) -> dict[str, Any]:
    """What was typed, again, with the service's complaints beside the fields they name."""
    if action not in _FORMS:
        return {}
    form: Any = _FORMS[action](request.POST)
    for name, complaints in (refusal.errors or {}).items():
        for complaint in complaints:
            form.add_error(name if name in form.fields else None, str(complaint))
    sent = {action: form}
    return sent | ({"lines": QuoteLineFormSet(request.POST, prefix="lines")} if action == "quote" else {})
