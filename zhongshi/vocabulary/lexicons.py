"""The lexicon in force: built from the rows, kept in the process, rebuilt when a row changed."""

from __future__ import annotations

from zhongshi.vocabulary.reading import Lexicon, load_default_lexicon


def current_lexicon() -> Lexicon:
    """Return the lexicon in force."""
    return load_default_lexicon()
