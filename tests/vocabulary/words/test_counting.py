"""Words are counted once a source, and say no more than their source may."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from zhongshi.accounts.actors import Actor
from zhongshi.vocabulary.candidates import Candidate
from zhongshi.vocabulary.enums import WordStatus
from zhongshi.vocabulary.models import Sighting, UnknownWord
from zhongshi.vocabulary.words import words_note

WORDS = [Candidate("微囊化", "微囊化"), Candidate("MOCVD", "mocvd")]


def counts() -> dict[str, tuple[int, int]]:
    rows = UnknownWord.objects.values_list("word", "seen_in_needs", "seen_in_listings")
    return {word: (needs, listings) for word, needs, listings in rows}


@pytest.mark.django_db
def test_a_word_counts_once_for_each_source_however_often_it_is_read() -> None:
    assert words_note(WORDS, source="listing", key="a") == 2
    assert words_note(WORDS, source="listing", key="a") == 0
    assert words_note(WORDS[:1], source="listing", key="b") == 1
    assert words_note(WORDS[1:], source="need", key="a") == 1

    assert counts() == {"微囊化": (0, 2), "MOCVD": (1, 1)}
    assert set(UnknownWord.objects.values_list("status", flat=True)) == {WordStatus.OPEN}


@pytest.mark.django_db
def test_the_time_it_was_last_seen_moves_and_the_first_stays() -> None:
    words_note(WORDS[:1], source="listing", key="a")
    before = UnknownWord.objects.get()

    words_note(WORDS[:1], source="listing", key="b")

    after = UnknownWord.objects.get()
    assert after.first_seen_at == before.first_seen_at
    assert after.last_seen_at > before.last_seen_at


@pytest.mark.django_db
def test_no_row_tells_which_source_a_word_came_from() -> None:
    key = "0193d7a6-0000-7000-8000-000000000001"
    words_note(WORDS, source="need", key=key, zone_code="cd")

    kept = [str(row) for model in (UnknownWord, Sighting) for row in model.objects.values()]
    assert len(kept) == 4
    assert not any(key in row for row in kept)


@pytest.mark.django_db
def test_counting_only_what_listings_say_leaves_no_trace_of_other_words() -> None:
    words_note(WORDS[:1], source="listing", key="a")

    assert words_note(WORDS, source="need", key="n", listed_only=True) == 1

    assert counts() == {"微囊化": (1, 1)}


@pytest.mark.django_db
def test_a_secret_need_shows_its_office_no_word_of_another_zones_needs(
    zone_admin: Actor, other_zone_admin: Actor
) -> None:
    words_note(WORDS, source="need", key="a", zone_code=zone_admin.zone.code)

    assert words_note(WORDS, source="need", key="n", zone_code=other_zone_admin.zone.code, listed_only=True) == 0

    assert counts() == {"微囊化": (1, 0), "MOCVD": (1, 0)}
    assert not UnknownWord.objects.visible_to(other_zone_admin).exists()


@pytest.mark.django_db
def test_a_dismissed_word_goes_on_counting_and_stays_dismissed() -> None:
    UnknownWord.objects.create(word="MOCVD", folded="mocvd", status=WordStatus.DISMISSED)

    words_note(WORDS[1:], source="listing", key="a")

    row = UnknownWord.objects.get()
    assert (row.status, row.seen_in_listings) == (WordStatus.DISMISSED, 1)


@pytest.mark.django_db
def test_each_office_sees_public_words_and_those_of_its_own_zone(
    zone_admin: Actor, other_zone_admin: Actor, enterprise: Actor
) -> None:
    words_note([Candidate("甲", "甲")], source="listing", key="a")
    words_note([Candidate("乙", "乙")], source="need", key="b")
    words_note([Candidate("丙", "丙")], source="need", key="c", zone_code=zone_admin.zone.code)

    def seen(actor: Actor | None) -> set[str]:
        return set(UnknownWord.objects.visible_to(actor).values_list("word", flat=True))

    assert seen(zone_admin) == {"甲", "乙", "丙"}
    assert seen(other_zone_admin) == {"甲", "乙"}
    assert seen(enterprise) == seen(None) == set()


@pytest.mark.django_db(transaction=True)
def test_eight_workers_at_once_count_each_source_exactly_once() -> None:
    def note(number: int) -> None:
        # Each key twice, and the words in two orders.
        with transaction.atomic():
            words_note(WORDS if number % 2 else WORDS[::-1], source="listing", key=f"k{number // 2}")
        connection.close()

    threads = [threading.Thread(target=note, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert counts() == {"微囊化": (0, 4), "MOCVD": (0, 4)}
    assert Sighting.objects.count() == 8
