"""The agreement: who may sign, what is kept, what the enterprise decides, and what a later edit changes."""

from __future__ import annotations

import hashlib

import pytest

from matching.enums import MatchStatus
from matching.models import Match
from matching.services.reading import lead_read
from matching.services.signing import MayNotSign, agreement_decide, lead_sign
from requests.agreement_words import standard_words, words_for
from requests.disclosure import FullText, Outline
from requests.models import Agreement, Disclosure
from requests.services.needs import NeedInput, need_edit, need_withdraw
from requests.services.terms import agreement_text_save, need_terms_save
from tests.factories import MatchFactory
from tests.matching.confidential import TITLE, classify, manager, reader, sign
from zhongshi.accounts.actors import Actor
from zhongshi.core.errors import IllegalTransition, InvalidInput, NotAllowed, StaleTransition
from zhongshi.core.models import AuditEntry, Notification

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def secret(lead: Match) -> Match:
    classify(lead.need)
    lead.need.refresh_from_db()
    return lead


def test_a_signature_keeps_who_when_where_and_which_words(secret: Match, operator: Actor, enterprise: Actor) -> None:
    agreement = sign(operator, secret)

    words = standard_words()
    assert (agreement.status, agreement.typed_name, agreement.signed_by) == ("active", "陈立", operator.user)
    assert (agreement.version, agreement.words, agreement.address) == ("standard/1", words.whole, "203.0.113.7")
    assert agreement.digest == hashlib.sha256(words.whole.encode()).hexdigest()
    assert agreement.revision == 1
    entry = AuditEntry.objects.get(action="signed")
    assert (entry.object_id, entry.actor, entry.detail["digest"]) == (agreement.uuid, operator.user, agreement.digest)
    told = Notification.objects.get(recipient=enterprise.user)
    assert (told.event, told.path) == ("agreement.signed", f"/needs/{secret.need.number}/")
    assert TITLE not in str(told.params)


def test_only_a_manager_of_that_operator_signs(secret: Match, operator: Actor, operator2: Actor) -> None:
    with pytest.raises(MayNotSign):
        lead_sign(reader=reader(operator), match=secret, name="陈立", agrees=True)
    with pytest.raises(NotAllowed):
        lead_sign(reader=reader(manager(operator2)), match=secret, name="陈立", agrees=True)
    assert not Agreement.objects.exists()


@pytest.mark.parametrize(("name", "agrees", "field"), [("", True, "name"), ("陈立", False, "agrees")])
def test_name_and_tick_are_asked(secret: Match, operator: Actor, name: str, agrees: bool, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        lead_sign(reader=reader(manager(operator)), match=secret, name=name, agrees=agrees)
    assert set(refused.value.errors or {}) == {field}
    assert not Agreement.objects.exists()


def test_signing_twice_is_refused_and_changes_nothing(secret: Match, operator: Actor) -> None:
    first = sign(operator, secret)
    with pytest.raises(IllegalTransition):
        sign(operator, secret)
    assert Agreement.objects.get() == first


def test_one_signature_counts_for_all_leads_of_the_need(secret: Match, operator: Actor) -> None:
    other = MatchFactory.create(need=secret.need, capability__platform=secret.capability.platform, approved=True)
    sign(operator, secret)
    assert isinstance(lead_read(reader=reader(operator), match=other).need, FullText)


def test_nothing_is_signed_for_an_open_need_or_a_closed_lead(lead: Match, operator: Actor) -> None:
    with pytest.raises(IllegalTransition):
        sign(operator, lead)
    classify(lead.need)
    Match.objects.filter(pk=lead.pk).update(status=MatchStatus.LAPSED)
    with pytest.raises(IllegalTransition):
        sign(operator, lead)


def test_a_need_that_was_withdrawn_meanwhile_is_not_signed_for(
    secret: Match, operator: Actor, enterprise: Actor
) -> None:
    need_withdraw(actor=enterprise, need=secret.need)
    with pytest.raises(IllegalTransition):
        sign(operator, secret)


def test_words_replaced_meanwhile_are_not_signed_unseen(secret: Match, operator: Actor, zone_admin: Actor) -> None:
    seen = words_for(secret.need).digest
    agreement_text_save(actor=zone_admin, chinese="园区保密协议范本。" * 10, seen=0)
    with pytest.raises(StaleTransition):
        lead_sign(reader=reader(manager(operator)), match=secret, name="陈立", agrees=True, digest=seen)
    agreement = sign(operator, secret)
    assert agreement.version == "cd/1"
    assert agreement.words.startswith("园区保密协议范本")


def test_the_enterprises_own_terms_are_signed_with_it(secret: Match, operator: Actor, enterprise: Actor) -> None:
    need_terms_save(actor=enterprise, need=secret.need, asks_first=False, own_text="样品须归还。")
    secret.need.refresh_from_db()
    assert sign(operator, secret).words.endswith("样品须归还。")


def test_ask_me_first_keeps_the_text_until_the_enterprise_allows_it(
    secret: Match, operator: Actor, enterprise: Actor
) -> None:
    need_terms_save(actor=enterprise, need=secret.need, asks_first=True)
    secret.need.refresh_from_db()
    agreement = sign(operator, secret)
    assert agreement.status == "waiting"
    assert isinstance(lead_read(reader=reader(operator), match=secret).need, Outline)

    agreement_decide(actor=enterprise, agreement=agreement, verdict="allow")

    assert isinstance(lead_read(reader=reader(operator), match=secret).need, FullText)
    events = Notification.objects.order_by("id").values_list("recipient__username", "event", "path")
    assert list(events) == [
        ("enterprise", "agreement.waiting", f"/needs/{secret.need.number}/"),
        ("operator", "agreement.opened", f"/desk/leads/{secret.uuid}/"),
    ]


def test_access_that_ends_between_two_readings_ends_the_second(
    secret: Match, operator: Actor, enterprise: Actor
) -> None:
    agreement = sign(operator, secret)
    assert isinstance(lead_read(reader=reader(operator), match=secret).need, FullText)

    agreement_decide(actor=enterprise, agreement=agreement, verdict="revoke")

    assert isinstance(lead_read(reader=reader(operator), match=secret).need, Outline)
    assert list(Disclosure.objects.order_by("pk").values_list("stage", flat=True)) == ["text", "conditions"]
    with pytest.raises(IllegalTransition):
        sign(operator, secret)
    agreement_decide(actor=enterprise, agreement=agreement, verdict="allow")
    assert isinstance(lead_read(reader=reader(operator), match=secret).need, FullText)


def test_only_the_owner_decides_and_only_possible_moves(
    secret: Match, operator: Actor, enterprise: Actor, enterprise2: Actor, zone_admin: Actor
) -> None:
    agreement = sign(operator, secret)
    for stranger in (enterprise2, zone_admin, operator):
        with pytest.raises(NotAllowed):
            agreement_decide(actor=stranger, agreement=agreement, verdict="revoke")
    with pytest.raises(IllegalTransition):
        agreement_decide(actor=enterprise, agreement=agreement, verdict="refuse")
    with pytest.raises(InvalidInput):
        agreement_decide(actor=enterprise, agreement=agreement, verdict="delete")
    agreement.refresh_from_db()
    assert agreement.status == "active"


def test_after_an_edit_access_stays_and_the_record_says_which_revision(
    secret: Match, operator: Actor, enterprise: Actor
) -> None:
    agreement = sign(operator, secret)
    lead_read(reader=reader(operator), match=secret)
    entered = NeedInput(title="绝密标题丁", text="绝密正文戊", visibility="nda", conditions=[])
    need_edit(actor=enterprise, need=secret.need, revision=1, entered=entered)
    again = Match.objects.select_related("need__zone", "capability__platform").get(pk=secret.pk)

    shape = lead_read(reader=reader(operator), match=again).need

    assert isinstance(shape, FullText)
    assert shape.title == "绝密标题丁"
    assert list(Disclosure.objects.order_by("pk").values_list("revision", "stage")) == [(1, "text"), (2, "text")]
    agreement.refresh_from_db()
    assert (agreement.revision, agreement.status) == (1, "active")
