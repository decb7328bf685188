"""What a zone's office decides about a word, and how it is taken back."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.utils import timezone

from zhongshi.accounts.actors import Actor
from zhongshi.core.errors import DomainError, IllegalTransition, InvalidInput, NotAllowed, StaleTransition
from zhongshi.core.models import AuditEntry, OutboxEvent
from zhongshi.vocabulary.enums import TermKind, WordStatus
from zhongshi.vocabulary.lexicons import current_lexicon
from zhongshi.vocabulary.models import Synonym, Term, UnknownWord
from zhongshi.vocabulary.reading import read_need
from zhongshi.vocabulary.words import word_add_name, word_add_term, word_dismiss, word_undo

pytestmark = pytest.mark.django_db(transaction=True)


def read(text: str) -> list[tuple[str, object]]:
    reading = read_need("", text, current_lexicon(), today=timezone.localdate())
    return [(item.kind, item.value) for item in reading.conditions]


def trail() -> list[tuple[str, str, str, str]]:
    rows = AuditEntry.objects.filter(object_kind="unknownword").order_by("id")
    return list(rows.values_list("from_status", "to_status", "zone_code", "note"))


def owed() -> list[list[str]]:
    rows = OutboxEvent.objects.filter(topic="vocabulary.changed", handler__startswith="platforms").order_by("id")
    return [row.payload["forms"] for row in rows]


def test_another_name_of_a_term_is_read_at_once(zone_admin: Actor, word: UnknownWord, fermentation: Term) -> None:
    assert read("需要酵解放大") == []

    word_add_name(actor=zone_admin, word=word, term=fermentation)

    assert read("需要酵解放大") == [("process", "发酵")]
    word.refresh_from_db()
    assert (word.status, word.term, word.synonym) == (WordStatus.ADDED, fermentation, Synonym.objects.get())
    assert (word.decided_by, word.decided_zone) == (zone_admin.user, "cd")
    assert Synonym.objects.values_list("form", "language", "is_edited").get() == ("酵解放大", "zh", True)
    assert trail() == [("open", "added", "cd", "= 发酵")]
    assert owed() == [["酵解放大"]]


def test_taking_a_name_back_leaves_the_term_and_reads_as_before(
    zone_admin: Actor, word: UnknownWord, fermentation: Term
) -> None:
    word_add_name(actor=zone_admin, word=word, term=fermentation)

    word_undo(actor=zone_admin, word=word)

    word.refresh_from_db()
    assert (word.status, word.term, word.synonym, word.decided_by, word.decided_zone) == ("open", None, None, None, "")
    assert (Synonym.objects.count(), Term.objects.get()) == (0, fermentation)
    assert read("需要酵解放大") == []
    assert trail()[1:] == [("added", "open", "cd", "")]
    assert owed() == [["酵解放大"], ["酵解放大"]]


def test_a_new_term_stands_below_its_broader_one(zone_admin: Actor, word: UnknownWord, fermentation: Term) -> None:
    word_add_term(actor=zone_admin, word=word, kind=TermKind.PROCESS, name_en=" glycolysis ", parent=fermentation)

    term = Term.objects.exclude(pk=fermentation.pk).get()
    assert (term.kind, term.name_zh, term.name_en, term.parent) == ("process", "酵解放大", "glycolysis", "FERM")
    assert (term.attributes, term.is_edited) == ({"family": "BIO"}, True)
    assert read("需要酵解放大") == [("process", "酵解放大")]
    assert current_lexicon().broader("process", "酵解放大") == ("发酵",)
    assert trail() == [("open", "added", "cd", f"+ {TermKind.PROCESS.label}")]


def test_taking_a_term_back_removes_it(zone_admin: Actor, word: UnknownWord, fermentation: Term) -> None:
    word_add_term(actor=zone_admin, word=word, kind=TermKind.PROCESS)

    word_undo(actor=zone_admin, word=word)

    assert list(Term.objects.all()) == [fermentation]
    assert read("需要酵解放大") == []


def test_a_term_others_have_built_on_is_not_taken_back(zone_admin: Actor, word: UnknownWord) -> None:
    word_add_term(actor=zone_admin, word=word, kind=TermKind.PROCESS)
    assert word.term is not None
    Synonym.objects.create(term=word.term, form="酵解中试")

    with pytest.raises(InvalidInput):
        word_undo(actor=zone_admin, word=UnknownWord.objects.get())

    word.refresh_from_db()
    assert (word.status, word.term is None) == ("added", False)
    assert len(trail()) == 1


def test_dismissing_changes_no_vocabulary_and_can_be_undone(zone_admin: Actor, word: UnknownWord) -> None:
    word_dismiss(actor=zone_admin, word=word)
    word_undo(actor=zone_admin, word=word)

    word.refresh_from_db()
    assert word.status == WordStatus.OPEN
    assert trail() == [("open", "dismissed", "cd", ""), ("dismissed", "open", "cd", "")]
    assert (owed(), Term.objects.count()) == ([], 1)


def test_who_is_not_the_office_decides_nothing(enterprise: Actor, word: UnknownWord, fermentation: Term) -> None:
    with pytest.raises(NotAllowed):
        word_add_name(actor=enterprise, word=word, term=fermentation)
    with pytest.raises(NotAllowed):
        word_add_term(actor=enterprise, word=word, kind=TermKind.PROCESS)
    with pytest.raises(NotAllowed):
        word_dismiss(actor=enterprise, word=word)
    with pytest.raises(NotAllowed):
        word_undo(actor=enterprise, word=word)

    assert (UnknownWord.objects.get().status, trail(), Synonym.objects.count()) == ("open", [], 0)


def test_another_zones_decision_is_not_taken_back(
    zone_admin: Actor, other_zone_admin: Actor, word: UnknownWord
) -> None:
    word_dismiss(actor=zone_admin, word=word)

    with pytest.raises(NotAllowed):
        word_undo(actor=other_zone_admin, word=word)

    assert UnknownWord.objects.get().status == WordStatus.DISMISSED


def test_a_name_the_term_has_is_refused_and_nothing_moves(
    zone_admin: Actor, word: UnknownWord, fermentation: Term
) -> None:
    Synonym.objects.create(term=fermentation, form="酵解放大")

    with pytest.raises(InvalidInput) as refusal:
        word_add_name(actor=zone_admin, word=word, term=fermentation)

    assert list(refusal.value.errors or {}) == ["term"]
    assert (UnknownWord.objects.get().status, trail(), owed()) == ("open", [], [])


def test_kinds_that_carry_codes_get_no_new_terms(zone_admin: Actor, word: UnknownWord, fermentation: Term) -> None:
    unit = Term.objects.create(kind=TermKind.UNIT, code="L", name_zh="升")
    with pytest.raises(InvalidInput):
        word_add_term(actor=zone_admin, word=word, kind=TermKind.REGION)
    with pytest.raises(InvalidInput):
        word_add_term(actor=zone_admin, word=word, kind=TermKind.MATERIAL, parent=fermentation)
    with pytest.raises(InvalidInput):
        word_add_name(actor=zone_admin, word=word, term=unit)

    assert (UnknownWord.objects.get().status, trail()) == ("open", [])


def test_a_term_is_not_the_first_of_an_empty_vocabulary(zone_admin: Actor, word: UnknownWord) -> None:
    Term.objects.all().delete()

    with pytest.raises(InvalidInput):
        word_add_term(actor=zone_admin, word=word, kind=TermKind.PROCESS)

    assert (Term.objects.count(), UnknownWord.objects.get().status) == (0, "open")


def test_who_comes_second_is_told(zone_admin: Actor, other_zone_admin: Actor, word: UnknownWord) -> None:
    seen_before = UnknownWord.objects.get()
    word_dismiss(actor=zone_admin, word=word)

    with pytest.raises(StaleTransition):
        word_add_term(actor=other_zone_admin, word=seen_before, kind=TermKind.PROCESS)
    with pytest.raises(IllegalTransition):
        word_add_term(actor=other_zone_admin, word=UnknownWord.objects.get(), kind=TermKind.PROCESS)

    assert (UnknownWord.objects.get().decided_zone, Term.objects.count()) == ("cd", 1)


def test_of_two_offices_at_once_exactly_one_decides(
    zone_admin: Actor, other_zone_admin: Actor, word: UnknownWord, fermentation: Term
) -> None:
    refused: list[type[DomainError]] = []
    start = threading.Barrier(2)

    def decide(actor: Actor) -> None:
        row = UnknownWord.objects.get()
        start.wait()
        try:
            word_add_name(actor=actor, word=row, term=fermentation)
        except DomainError as refusal:
            refused.append(type(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(actor,)) for actor in (zone_admin, other_zone_admin)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refused == [StaleTransition]
    assert (Synonym.objects.count(), len(trail()), len(owed())) == (1, 1, 1)
