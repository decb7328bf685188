"""Picking the best rows and mixing two scores."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.contest import best, blended


def test_the_best_come_first_and_are_named_by_their_rows() -> None:
    scores = np.array([0.1, 0.9, 0.5], dtype=np.float32)
    assert best(scores, np.array([10, 20, 30])) == [20, 30, 10]


def test_no_more_than_twenty_are_kept() -> None:
    scores = np.arange(100, dtype=np.float32)
    assert best(scores, np.arange(100)) == list(range(99, 79, -1))


def test_nothing_passes_nothing_is_found() -> None:
    assert best(np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.intp)) == []


def test_words_are_brought_to_one_before_they_are_mixed() -> None:
    words, structure = np.array([4.0, 2.0], dtype=np.float32), np.array([0.0, 1.0], dtype=np.float32)
    assert blended(words, structure, 0.4).tolist() == pytest.approx([0.4, 0.8])
    assert blended(np.zeros(2, dtype=np.float32), structure, 0.4).tolist() == pytest.approx([0.0, 0.6])
