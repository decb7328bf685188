"""From a saved need or listing to the queue, and from a decision back to what was read."""

from __future__ import annotations

from typing import Any

import pytest

from platforms.models import Capability, Fact
from platforms.selectors import catalogue_version
from platforms.services.listings import platform_load
from requests.enums import NeedStatus, Visibility
from requests.models import Need
from requests.services import NeedInput, need_edit, need_post
from tests.factories import CapabilityFactory, ConditionFactory, NeedFactory
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Zone
from zhongshi.core import outbox
from zhongshi.core.models import Notification, OutboxEvent
from zhongshi.vocabulary.models import Term, UnknownWord
from zhongshi.vocabulary.words import word_add_name, word_undo

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = ("platforms.services.words", "requests.services.words", "requests.services.rereading")


@pytest.fixture
def vocabulary(fermentation: Term) -> Term:
    return fermentation


def run_words() -> None:
    """Run what is owed to the queue and to readings, until nothing is."""
    while ids := [
        event.pk for event in OutboxEvent.objects.filter(state="pending") if event.handler.rpartition(".")[0] in WORDS
    ]:
        for pk in ids:
            assert outbox.run(pk)


def counts() -> dict[str, tuple[int, int]]:
    rows = UnknownWord.objects.values_list("word", "seen_in_needs", "seen_in_listings")
    return {word: (needs, listings) for word, needs, listings in rows}


def load(zone: Zone, *, publish: bool = True, summary: str = "提供碟式离心与微囊化", **columns: Any) -> Capability:
    part = {"id": "x-1-1", "name": "中试线", "summary": summary, **columns}
    platform_load(record={"id": "x-1", "name": "某平台", "capabilities": [part]}, zone=zone, publish=publish)
    return Capability.objects.get()


def post(enterprise: Actor, text: str, visibility: str = Visibility.MATCHED) -> Need:
    zone = enterprise.zone
    zone.opens_needs_itself = True
    zone.save()
    need, _ = need_post(actor=enterprise, entered=NeedInput(title="中试", text=text, visibility=visibility))
    return need


def test_a_published_listing_brings_its_strange_words(zone: Zone, vocabulary: Term) -> None:
    load(zone)
    run_words()

    assert counts() == {"碟式离心": (0, 1), "微囊化": (0, 1)}


def test_a_listing_that_is_not_public_brings_none(zone: Zone, vocabulary: Term) -> None:
    load(zone, publish=False)
    run_words()

    assert counts() == {}


def test_a_listing_loaded_anew_counts_only_what_is_new_in_it(zone: Zone, vocabulary: Term) -> None:
    load(zone)
    run_words()
    load(zone, summary="提供微囊化与流延")
    run_words()

    assert counts() == {"碟式离心": (0, 1), "微囊化": (0, 1), "流延": (0, 1)}


def test_an_open_need_brings_its_words_once_however_often_it_is_edited(enterprise: Actor, vocabulary: Term) -> None:
    need = post(enterprise, "需要微囊化")
    run_words()
    need_edit(actor=enterprise, need=need, revision=1, entered=NeedInput(title="中试", text="需要微囊化和流延"))
    run_words()

    assert counts() == {"微囊化": (1, 0), "流延": (1, 0)}


def test_saving_a_need_writes_no_word_itself(enterprise: Actor, vocabulary: Term) -> None:
    post(enterprise, "需要微囊化")

    assert counts() == {}


def test_a_draft_brings_nothing(enterprise: Actor, vocabulary: Term) -> None:
    need_post(actor=enterprise, entered=NeedInput(title="中试", text="需要微囊化"), as_draft=True)
    run_words()

    assert counts() == {}


@pytest.mark.parametrize(
    ("visibility", "own", "other"), [(Visibility.PUBLIC, 1, 1), (Visibility.MATCHED, 1, 0), (Visibility.NDA, 0, 0)]
)
def test_a_needs_words_are_seen_by_whose_office_may_read_it(
    enterprise: Actor,
    zone_admin: Actor,
    other_zone_admin: Actor,
    vocabulary: Term,
    visibility: str,
    own: int,
    other: int,
) -> None:
    post(enterprise, "需要微囊化", visibility)
    run_words()

    assert UnknownWord.objects.visible_to(zone_admin).count() == own
    assert UnknownWord.objects.visible_to(other_zone_admin).count() == other


def test_a_secret_need_only_raises_what_listings_say_already(enterprise: Actor, zone: Zone, vocabulary: Term) -> None:
    load(zone)
    run_words()
    post(enterprise, "需要微囊化与苯并噁嗪", Visibility.NDA)
    run_words()

    assert counts() == {"碟式离心": (0, 1), "微囊化": (1, 1)}


def test_a_need_closed_meanwhile_brings_nothing(enterprise: Actor, vocabulary: Term) -> None:
    need = post(enterprise, "需要微囊化")
    Need.objects.filter(pk=need.pk).update(status=NeedStatus.WITHDRAWN)
    run_words()

    assert counts() == {}


def test_a_listing_is_read_again_when_its_word_gets_a_meaning_and_when_it_loses_it(
    zone: Zone, zone_admin: Actor, vocabulary: Term
) -> None:
    capability = load(zone)
    other = CapabilityFactory.create(summary="喷雾干燥")
    run_words()
    word, before = UnknownWord.objects.get(word="微囊化"), catalogue_version()

    word_add_name(actor=zone_admin, word=word, term=vocabulary)
    run_words()

    assert [(fact.kind, fact.value, fact.source) for fact in capability.facts.all()] == [("process", "发酵", "read")]
    capability.refresh_from_db()
    other.refresh_from_db()
    assert (capability.version, catalogue_version(), other.version) == (before + 1, before + 1, 0)
    assert OutboxEvent.objects.filter(topic="listing.changed", key__endswith=f":{before + 1}").count() == 2

    word_undo(actor=zone_admin, word=word)
    run_words()

    assert not capability.facts.exists()


def test_declared_facts_and_answers_stay_when_a_listing_is_read_again(
    zone: Zone, zone_admin: Actor, vocabulary: Term
) -> None:
    capability = load(zone, processes=["超滤"])
    Fact.objects.create(capability=capability, kind="hazard", value="易燃", source="answered")
    run_words()

    word_add_name(actor=zone_admin, word=UnknownWord.objects.get(word="微囊化"), term=vocabulary)
    run_words()

    assert sorted((fact.value, fact.source, fact.position) for fact in capability.facts.all()) == [
        ("发酵", "read", 1),
        ("易燃", "answered", 0),
        ("超滤", "declared", 0),
    ]


def test_a_word_that_changes_no_fact_leaves_the_catalogue_alone(
    zone: Zone, zone_admin: Actor, vocabulary: Term
) -> None:
    load(zone, processes=["发酵"])
    run_words()
    before = catalogue_version()

    word_add_name(actor=zone_admin, word=UnknownWord.objects.get(word="微囊化"), term=vocabulary)
    run_words()

    assert catalogue_version() == before


def test_more_platforms_than_fit_one_event_are_all_read(
    zone_admin: Actor, vocabulary: Term, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platforms.services.words.PLATFORMS_AT_ONCE", 2)
    rows = [CapabilityFactory.create(summary="微囊化线") for _ in range(5)]
    word = UnknownWord.objects.create(word="微囊化", folded="微囊化", status="open", seen_in_listings=5)

    word_add_name(actor=zone_admin, word=word, term=vocabulary)
    run_words()

    assert [[fact.value for fact in row.facts.all()] for row in rows] == [["发酵"]] * 5
    assert OutboxEvent.objects.filter(topic="listings.stale", state="done").count() == 2


def test_an_open_need_is_scored_anew_and_its_owner_told_what_can_be_read(
    enterprise: Actor, zone_admin: Actor, vocabulary: Term
) -> None:
    held = NeedFactory.create(
        organization=enterprise.organization, created_by=enterprise.user, title="中试", text="需要微囊化"
    )
    NeedFactory.create(organization=enterprise.organization, text="需要流延")
    word = UnknownWord.objects.create(word="微囊化", folded="微囊化", status="open", seen_in_listings=1)

    word_add_name(actor=zone_admin, word=word, term=vocabulary)
    run_words()

    scored = OutboxEvent.objects.filter(topic="need.opened", handler__startswith="matching")
    assert [event.payload for event in scored] == [{"need_id": held.pk, "revision": held.revision}]
    notice = Notification.objects.get(event="need.readable")
    assert (notice.recipient, notice.path) == (enterprise.user, f"/needs/{held.number}/edit/")
    assert notice.params == {"number": held.number, "title": "中试", "word": "微囊化"}
    assert not held.conditions.exists()


def test_an_owner_who_has_the_condition_is_not_told(enterprise: Actor, zone_admin: Actor, vocabulary: Term) -> None:
    need = NeedFactory.create(organization=enterprise.organization, created_by=enterprise.user, text="需要微囊化")
    ConditionFactory.create(need=need)
    word = UnknownWord.objects.create(word="微囊化", folded="微囊化", status="open", seen_in_listings=1)

    word_add_name(actor=zone_admin, word=word, term=vocabulary)
    run_words()

    assert not Notification.objects.exists()
