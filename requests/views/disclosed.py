"""A need as a page may show it, and who has read it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from requests.agreement_words import words_for
from requests.disclosure import Disclosed, FullText, Reader, is_confidential
from requests.enums import Medium
from requests.models import Disclosure, Need
from requests.readings import shown
from requests.rules import owns
from requests.services.disclosing import need_disclose
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.throttles import address_of

SHOWN = 10


def reader_of(request: HttpRequest, actor: Actor, medium: Medium = Medium.PAGE) -> Reader:
    """Who asks, by which way and from where."""
    return Reader.of(actor, medium, address_of(request))


def disclosed(request: HttpRequest, actor: Actor, need: Need, medium: Medium = Medium.PAGE) -> Disclosed:
    """So much of the need as its owner or the zone's office may read now; the office's reading is recorded."""
    _stage, shape = need_disclose(reader=reader_of(request, actor, medium), need=need)
    return shape


def is_disclosed(request: HttpRequest, actor: Actor, need: Need) -> bool:
    """Whether this person reads the full text now; if so, that is recorded as read."""
    return owns(actor, need) or isinstance(disclosed(request, actor, need), FullText)


def confidential_context(actor: Actor, need: Need) -> dict[str, Any]:
    """What the page of a confidential need says of it: who signed, who read, what is asked; nothing for others."""
    if not is_confidential(need):
        return {}
    terms = getattr(need, "terms", None)
    return {
        "is_confidential": True,
        "is_owner": owns(actor, need),
        "agreements": list(need.agreements.select_related("organization", "signed_by").order_by("-id")),
        "readings": shown(Disclosure.objects.visible_to(actor).filter(need=need), SHOWN),
        "shown": SHOWN,
        "words": words_for(need),
        "asks_first": bool(terms and terms.asks_first),
        "own_text": terms.own_text if terms else "",
    }
