"""What tests of confidential needs share: a lead whose need is a secret, and somebody who may sign."""

from __future__ import annotations

from dataclasses import replace

from matching.models import Match
from matching.services.signing import lead_sign
from requests.disclosure import Reader
from requests.enums import Medium
from requests.models import Agreement, Need
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Membership

TITLE, TEXT, PIECE = "绝密标题甲", "绝密正文乙", "绝密片段丙"
SECRETS = (TITLE, TEXT, PIECE)


def classify(need: Need) -> Need:
    """Make it confidential, with words one can look for."""
    Need.objects.filter(pk=need.pk).update(visibility="nda", title=TITLE, text=TEXT)
    need.conditions.update(text=PIECE)
    need.revisions.update(title=TITLE, text=TEXT)
    need.refresh_from_db()
    return need


def manager(actor: Actor) -> Actor:
    """The same person with the right to sign."""
    Membership.objects.filter(user=actor.user).update(is_manager=True)
    return replace(actor, is_manager=True)


def reader(actor: Actor, medium: Medium = Medium.PAGE) -> Reader:
    return Reader.of(actor, medium, "203.0.113.7")


def sign(actor: Actor, match: Match) -> Agreement:
    return lead_sign(reader=reader(manager(actor)), match=match, name="陈立", agrees=True)
