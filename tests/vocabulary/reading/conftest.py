"""The project's own lexicon, built once, and the day the sentences were written."""

from collections.abc import Callable
from datetime import date

import pytest

from zhongshi.vocabulary.reading import Condition, Lexicon, load_default_lexicon, read_need

TODAY = date(2026, 11, 21)
Read = Callable[[str], list[Condition]]


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return load_default_lexicon()


@pytest.fixture(scope="session")
def read(lexicon: Lexicon) -> Read:
    """Conditions of a text without title."""
    return lambda text: list(read_need("", text, lexicon, today=TODAY).conditions)
