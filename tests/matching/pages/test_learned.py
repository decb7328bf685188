"""The office's page of learned synonyms: what speaks for each, adopting one, refusing one, taking that back."""

from __future__ import annotations

import pytest
from django.test import Client

from matching.learned import learned_forms
from matching.models import LearnedForm
from tests.matching.pages.conftest import BrowserOf
from zhongshi.accounts.actors import Actor
from zhongshi.core.models import AuditEntry, OutboxEvent
from zhongshi.vocabulary.enums import WordStatus
from zhongshi.vocabulary.models import Synonym, Term, UnknownWord
from zhongshi.vocabulary.words import word_undo

PAGE = "/park/learned/"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def browser(zone_admin: Actor, browser_of: BrowserOf) -> Client:
    return browser_of(zone_admin)


@pytest.fixture
def coating() -> Term:
    return Term.objects.create(kind="process", code="COAT", name_zh="涂布", name_en="coating")


@pytest.fixture
def learned(coating: Term) -> LearnedForm:
    return LearnedForm.objects.create(kind="process", form="挂釉", value="涂布", listings=5, together=4)


def _press(browser: Client, learned: LearnedForm, action: str) -> tuple[int, str]:
    answer = browser.post(PAGE, {"form": str(learned.pk), "action": action}, follow=True)
    return answer.status_code, answer.content.decode()


def test_each_synonym_shows_what_speaks_for_it(browser: Client, learned: LearnedForm) -> None:
    page = browser.get(PAGE).content.decode()

    assert "<strong>挂釉</strong>" in page
    assert "of 5 listings that write it 4 declare this" in page
    assert page.count('name="action" value="adopt"') == 1


def test_adopting_makes_it_a_name_of_the_term_and_can_be_taken_back_among_the_words(
    browser: Client, learned: LearnedForm, coating: Term, zone_admin: Actor
) -> None:
    status, page = _press(browser, learned, "adopt")

    assert (status, "<strong>挂釉</strong>" in page) == (200, False)
    assert list(Synonym.objects.values_list("term", "form", "is_edited")) == [(coating.pk, "挂釉", True)]
    word = UnknownWord.objects.get()
    assert (word.word, word.status, word.decided_zone) == ("挂釉", WordStatus.ADDED, "cd")
    assert AuditEntry.objects.values_list("to_status", "zone_code", "note").get() == ("added", "cd", "= 涂布")
    told = OutboxEvent.objects.filter(topic="vocabulary.changed", handler__startswith="platforms").get()
    assert told.payload["forms"] == ["挂釉"]

    word_undo(actor=zone_admin, word=word)

    assert "<strong>挂釉</strong>" in browser.get(PAGE).content.decode()


def test_refusing_takes_it_out_of_the_ranking_and_restoring_brings_it_back(
    browser: Client, learned: LearnedForm
) -> None:
    assert _press(browser, learned, "refuse")[0] == 200
    assert learned_forms() == []
    assert "<strong>挂釉</strong>" not in browser.get(PAGE).content.decode()
    assert "<strong>挂釉</strong>" in browser.get(PAGE, {"status": "refused"}).content.decode()

    assert _press(browser, learned, "refuse")[0] == 409
    assert _press(browser, learned, "restore")[0] == 200

    assert [one.value for one in learned_forms()] == ["涂布"]
    assert list(AuditEntry.objects.order_by("id").values_list("action", "zone_code", "note")) == [
        ("learned_refused", "cd", "挂釉 ≈ 涂布"),
        ("learned_restored", "cd", "挂釉 ≈ 涂布"),
    ]
    assert "refused a learned synonym" in browser.get("/park/audit/").content.decode()


def test_a_meaning_that_left_the_vocabulary_cannot_be_adopted(
    browser: Client, learned: LearnedForm, coating: Term
) -> None:
    coating.delete()

    status, page = _press(browser, learned, "adopt")

    assert (status, "The vocabulary has no such term." in page) == (400, True)
    assert (Synonym.objects.count(), UnknownWord.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "posted", [{}, {"form": "x", "action": "adopt"}, {"form": "99999999", "action": "adopt"}, {"form": "²"}]
)
def test_a_form_nobody_sent_from_here_is_refused(browser: Client, learned: LearnedForm, posted: dict[str, str]) -> None:
    assert browser.post(PAGE, posted).status_code == 400
    assert browser.post(PAGE, {"form": str(learned.pk), "action": "other"}).status_code == 400
