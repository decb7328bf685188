"""The zone office's pages for unknown words."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client
from django.utils import translation

from tests.factories import UserFactory
from zhongshi.accounts.actors import Actor
from zhongshi.core.models import AuditEntry, OutboxEvent
from zhongshi.vocabulary.candidates import Candidate
from zhongshi.vocabulary.enums import TermKind, WordStatus
from zhongshi.vocabulary.models import Synonym, Term, UnknownWord
from zhongshi.vocabulary.words import word_add_name, word_dismiss, words_note

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/park/words/"


@pytest.fixture
def office(zone_admin: Actor, client: Client) -> Client:
    client.force_login(zone_admin.user)
    return client


def page_of(word: UnknownWord) -> str:
    return f"{LIST}{word.uuid}/"


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_words_stand_by_count(office: Client, fermentation: Term) -> None:
    for number, word in enumerate(["流延", "微囊化", "碟式"], start=1):
        UnknownWord.objects.create(word=word, folded=word, status="open", seen_in_listings=number)

    page = text(office.get(LIST))

    assert page.index("碟式") < page.index("微囊化") < page.index("流延")
    assert "INVALID VARIABLE" not in page


def test_search_finds_any_spelling_and_pages_keep_it(office: Client) -> None:
    UnknownWord.objects.bulk_create(
        UnknownWord(word=f"MOCVD{number}", folded=f"mocvd{number}", status="open", seen_in_listings=1)
        for number in range(21)
    )
    UnknownWord.objects.create(word="流延", folded="流延", status="open", seen_in_listings=9)

    page = text(office.get(LIST, {"q": "ＭＯＣＶＤ"}))

    assert page.count("MOCVD") >= 20
    assert "流延" not in page
    assert "q=%EF%BC%AD" in page
    assert "没有" in text(office.get(LIST, {"q": "无此词"}))


def test_words_of_another_zones_needs_are_not_there(office: Client, other_zone_admin: Actor) -> None:
    with transaction.atomic():
        words_note([Candidate("微囊化", "微囊化")], source="need", key="n", zone_code=other_zone_admin.zone.code)

    assert "微囊化" not in text(office.get(LIST))
    assert office.get(page_of(UnknownWord.objects.get())).status_code == 404


def test_a_list_of_twenty_costs_as_many_queries_as_one_of_one(
    office: Client, django_assert_num_queries: object
) -> None:
    def queries() -> int:
        with django_assert_num_queries(13, exact=False) as taken:  # type: ignore[operator]
            office.get(LIST)
        return len(taken)

    UnknownWord.objects.create(word="流延", folded="流延", status="open", seen_in_listings=1)
    one = queries()
    UnknownWord.objects.bulk_create(
        UnknownWord(word=f"W{number}", folded=f"w{number}", status="open", seen_in_listings=1) for number in range(19)
    )
    assert queries() == one


def test_the_word_page_offers_terms_that_look_like_it(office: Client, word: UnknownWord) -> None:
    Term.objects.create(kind=TermKind.PROCESS, code="LYSIS", name_zh="酵解")

    page = text(office.get(page_of(word)))

    assert "酵解</strong>" in page
    assert "INVALID VARIABLE" not in page


def test_terms_are_searched_by_any_of_their_names(office: Client, word: UnknownWord, fermentation: Term) -> None:
    Synonym.objects.create(term=fermentation, form="养菌")
    Term.objects.create(kind=TermKind.UNIT, code="养菌", name_zh="养菌单位")

    assert "又称“养菌”" in text(office.get(page_of(word), {"term": "养菌"}))
    assert "又称" not in text(office.get(page_of(word), {"term": "发酵"}))
    for sought in ("养菌", "发", "Ferment"):
        page = text(office.get(page_of(word), {"term": sought}))
        assert f'name="term" value="{fermentation.pk}"' in page
        assert "养菌单位" not in page
    assert 'name="term" value="' not in text(office.get(page_of(word), {"term": "激光"}))


def test_choosing_a_term_adds_the_name_and_offers_to_take_it_back(
    office: Client, word: UnknownWord, fermentation: Term
) -> None:
    answer = office.post(page_of(word), {"action": "name", "term": fermentation.pk}, follow=True)

    assert answer.redirect_chain == [(f"{LIST}?done={word.uuid}", 302)]
    assert 'value="undo"' in text(answer)
    assert Synonym.objects.get().form == "酵解放大"

    office.post(page_of(word), {"action": "undo"})

    assert not Synonym.objects.exists()
    assert UnknownWord.objects.get().status == WordStatus.OPEN
    assert AuditEntry.objects.filter(object_kind="unknownword").count() == 2


def test_a_term_of_its_own_stands_below_the_one_named(office: Client, word: UnknownWord, fermentation: Term) -> None:
    office.post(page_of(word), {"action": "term", "kind": "process", "name_en": "lysis", "parent_name": "Fermentation"})

    term = Term.objects.get(name_zh="酵解放大")
    assert (term.kind, term.parent, term.name_en) == ("process", "FERM", "lysis")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"action": "name"},
        {"action": "name", "term": "999999"},
        {"action": "name", "term": "x"},
        {"action": "term", "kind": ""},
        {"action": "term", "kind": "region"},
        {"action": "term", "kind": "process", "parent_name": "没有的词"},
        {"action": "term", "kind": "material", "parent_name": "发酵"},
        {"action": "burn"},
    ],
)
def test_what_cannot_be_is_said_and_nothing_moves(office: Client, word: UnknownWord, body: dict[str, str]) -> None:
    answer = office.post(page_of(word), body)

    assert answer.status_code == 400
    assert 'role="alert"' in text(answer)
    assert (UnknownWord.objects.get().status, Term.objects.count(), Synonym.objects.count()) == ("open", 1, 0)


def test_what_was_typed_stays_when_it_is_refused(office: Client, word: UnknownWord) -> None:
    page = text(office.post(page_of(word), {"action": "term", "kind": "process", "parent_name": "没有的词"}))

    assert 'value="没有的词"' in page
    assert '<option value="process" selected>' in page


def test_dismissing_from_the_list_goes_back_to_where_one_was(office: Client, word: UnknownWord) -> None:
    answer = office.post(page_of(word), {"action": "dismiss", "q": "酵", "page": "1"})

    assert answer.headers["Location"] == f"{LIST}?q=%E9%85%B5&page=1&done={word.uuid}"
    assert UnknownWord.objects.get().status == WordStatus.DISMISSED


def test_ticked_words_are_dismissed_and_what_somebody_decided_meanwhile_stays(
    office: Client, other_zone_admin: Actor, word: UnknownWord, fermentation: Term
) -> None:
    second, third = (
        UnknownWord.objects.create(word=name, folded=name, status="open", seen_in_listings=1)
        for name in ("流延", "碟式")
    )
    word_add_name(actor=other_zone_admin, word=second, term=fermentation)

    ticked = [str(word.uuid), str(second.uuid), "nonsense"]
    answer = office.post(LIST, {"word": ticked, "q": "酵", "page": "1"}, follow=True)

    assert answer.redirect_chain == [(f"{LIST}?q=%E9%85%B5&page=1", 302)]
    assert "已忽略 1 个词" in text(answer)
    statuses = dict(UnknownWord.objects.values_list("word", "status"))
    assert statuses == {"酵解放大": "dismissed", "流延": "added", third.word: "open"}


def test_ticking_cannot_reach_words_one_may_not_see(office: Client, other_zone_admin: Actor) -> None:
    with transaction.atomic():
        words_note([Candidate("微囊化", "微囊化")], source="need", key="n", zone_code=other_zone_admin.zone.code)

    office.post(LIST, {"word": str(UnknownWord.objects.get().uuid)})

    assert UnknownWord.objects.get().status == WordStatus.OPEN


def test_who_comes_second_sees_what_was_decided(
    office: Client, other_zone_admin: Actor, word: UnknownWord, fermentation: Term
) -> None:
    word_dismiss(actor=other_zone_admin, word=UnknownWord.objects.get())

    answer = office.post(page_of(word), {"action": "name", "term": fermentation.pk})

    assert answer.status_code == 422
    assert "已忽略" in text(answer)
    assert 'value="undo"' not in text(answer)
    assert office.post(page_of(word), {"action": "undo"}).status_code == 403
    assert not Synonym.objects.exists()


def test_decided_words_stand_under_their_tabs(office: Client, zone_admin: Actor, word: UnknownWord) -> None:
    word_dismiss(actor=zone_admin, word=word)

    assert "酵解放大" not in text(office.get(LIST))
    page = text(office.get(LIST, {"status": "dismissed"}))
    assert "酵解放大" in page
    assert 'value="undo"' in page
    assert "INVALID VARIABLE" not in page


def test_a_word_known_by_now_says_so(office: Client, word: UnknownWord, fermentation: Term) -> None:
    Synonym.objects.create(term=fermentation, form=word.word)

    assert "词表已收录" in text(office.get(page_of(word)))


def test_the_trail_names_the_word_and_what_was_done(office: Client, zone_admin: Actor, word: UnknownWord) -> None:
    word_dismiss(actor=zone_admin, word=word)

    page = text(office.get("/park/audit/"))

    assert "酵解放大" in page
    with translation.override("zh-hans"):
        assert f"{WordStatus.OPEN.label} → {WordStatus.DISMISSED.label}" in page


def test_a_form_changed_in_the_admin_is_read_anew_as_well(client: Client, fermentation: Term) -> None:
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))

    client.post("/admin/vocabulary/synonym/add/", {"term": fermentation.pk, "form": "养菌", "language": "zh"})

    assert Synonym.objects.get().form == "养菌"
    assert OutboxEvent.objects.filter(topic="vocabulary.changed").first().payload["forms"] == ["养菌"]  # type: ignore[union-attr]
    assert client.get("/admin/vocabulary/unknownword/").status_code == 200
    assert client.get(f"/admin/vocabulary/term/{fermentation.pk}/change/").status_code == 200

    client.post(f"/admin/vocabulary/term/{fermentation.pk}/delete/", {"post": "yes"})

    assert not Term.objects.exists()
    assert OutboxEvent.objects.filter(topic="vocabulary.changed").last().payload["forms"] == [  # type: ignore[union-attr]
        "fermentation",
        "养菌",
        "发酵",
    ]
    assert client.get("/admin/vocabulary/unknownword/add/").status_code == 403
