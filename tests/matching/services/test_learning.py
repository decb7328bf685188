"""Synonyms learned from the listings: kept as rows, touched only when they change, refused for good, never judging."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from matching import catalogue
from matching.engine import Likely
from matching.learned import learned_forms
from matching.models import LearnedForm
from matching.services.learning import forms_learn
from matching.tasks import learn_forms
from platforms.models import Capability, Platform
from platforms.services import platform_load
from zhongshi.accounts.models import Zone
from zhongshi.vocabulary.services import vocabulary_load

pytestmark = pytest.mark.django_db(transaction=True)
WRITES = "可开展挂釉、浓缩等工序。"
SAYS_NOTHING = "设施齐全。"
COATING = {"kind": "process", "value": "涂布", "op": "require", "hard": True, "text": "涂布"}


def _list(zone: Zone, number: int, process: str, summary: str) -> None:
    part = {"id": f"x-{number}-1", "name": "中试线", "summary": summary, "processes": [process], "parameters": []}
    record = {"id": f"x-{number}", "name": "平台", "country": "CN", "region": "510100", "capabilities": [part]}
    platform_load(record=record, zone=zone, publish=True)


@pytest.fixture
def taught(zone: Zone) -> None:
    """Four of five that write 挂釉 declare 涂布; ten others do not write it."""
    vocabulary_load()
    for number in range(4):
        _list(zone, number, "涂布", WRITES)
    _list(zone, 4, "发酵", WRITES)
    for number in range(5, 15):
        _list(zone, number, "发酵", SAYS_NOTHING)


def _rows() -> list[tuple[Any, ...]]:
    return list(LearnedForm.objects.values_list("kind", "form", "value", "listings", "together", "is_refused"))


LEARNED = ("process", "挂釉", "涂布", 5, 4, False)


def test_the_first_run_stores_and_the_second_touches_no_row(taught: None) -> None:
    assert (forms_learn(), _rows()) == (1, [LEARNED])
    before = LearnedForm.objects.get().updated_at

    assert forms_learn() == 0

    assert (LearnedForm.objects.get().updated_at, _rows()) == (before, [LEARNED])
    assert learned_forms() == [Likely(("process", "挂釉"), "涂布", 5, 4)]


def test_counts_follow_and_no_process_builds_anew_for_them(taught: None, zone: Zone) -> None:
    forms_learn()
    before = LearnedForm.objects.get().updated_at
    _list(zone, 15, "涂布", WRITES)

    assert forms_learn() == 0

    assert (LearnedForm.objects.get().updated_at, _rows()) == (before, [("process", "挂釉", "涂布", 6, 5, False)])


def test_the_task_learns(taught: None) -> None:
    learn_forms()

    assert _rows() == [LEARNED]


def test_a_refused_one_stays_refused_and_ranks_nothing(taught: None) -> None:
    forms_learn()
    LearnedForm.objects.update(is_refused=True)

    assert (forms_learn(), learned_forms()) == (0, [])
    assert _rows() == [(*LEARNED[:-1], True)]


def test_a_refused_one_outlives_its_phrase(taught: None) -> None:
    forms_learn()
    LearnedForm.objects.update(is_refused=True)
    Platform.objects.filter(external_id__in=["x-0", "x-1"]).delete()

    assert (forms_learn(), LearnedForm.objects.count()) == (0, 1)


def test_a_meaning_that_changes_is_taken_over_with_its_figures(taught: None, zone: Zone) -> None:
    forms_learn()
    for number in range(5):
        _list(zone, number, "精馏", WRITES)

    assert (forms_learn(), _rows()) == (1, [("process", "挂釉", "精馏", 5, 5, False)])


def test_a_phrase_that_vanishes_is_forgotten(taught: None, zone: Zone) -> None:
    forms_learn()
    for number in (0, 1):
        _list(zone, number, "涂布", SAYS_NOTHING)

    assert (forms_learn(), _rows()) == (1, [])


def test_two_runs_at_once_store_it_once(taught: None) -> None:
    changed: list[int] = []
    start = threading.Barrier(2)

    def run() -> None:
        start.wait()
        try:
            changed.append(forms_learn())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (sorted(changed), _rows()) == ([0, 1], [LEARNED])


def _asked_for_coating() -> tuple[float, str]:
    """Score and verdict of the line that writes 挂釉 and declares something else."""
    pk = Capability.objects.get(external_id="x-4-1").pk
    found = {one.capability_id: one for one in catalogue.find({"conditions": [COATING]}, limit=20).found}
    return found[pk].score, found[pk].verdicts[0]["verdict"]


def test_what_is_learned_ranks_at_once_and_never_judges(taught: None) -> None:
    before, verdict = _asked_for_coating()
    assert verdict == "unknown"

    forms_learn()

    after, verdict = _asked_for_coating()
    assert verdict == "unknown"
    assert after > before

    row = LearnedForm.objects.get()
    row.is_refused = True
    row.save()

    assert _asked_for_coating() == (before, "unknown")
