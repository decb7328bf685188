"""A small vocabulary in the tables, and a word that waits."""

from __future__ import annotations

import pytest

from zhongshi.vocabulary.enums import TermKind, WordStatus
from zhongshi.vocabulary.models import Term, UnknownWord


@pytest.fixture
def fermentation(db: None) -> Term:
    return Term.objects.create(
        kind=TermKind.PROCESS, code="FERM", name_zh="发酵", name_en="fermentation", attributes={"family": "BIO"}
    )


@pytest.fixture
def word(db: None, fermentation: Term) -> UnknownWord:
    """Stood in two published listings."""
    return UnknownWord.objects.create(word="酵解放大", folded="酵解放大", status=WordStatus.OPEN, seen_in_listings=2)
