"""The lexicon in force: built from the rows, kept in the process, built anew when a row changed."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from zhongshi.vocabulary import reading
from zhongshi.vocabulary.reading import Lexicon, load_default_lexicon

from .models import Synonym, Term
from .versions import Version, vocabulary_version

_lock = threading.Lock()
_kept: tuple[Version, Lexicon] | None = None


def current_lexicon() -> Lexicon:
    """Return the lexicon of the database's terms, or of the CSV files where no vocabulary was loaded yet.

    The same object as long as no term and no synonym changed, so that "is it the same?" is a cheap question.
    """
    global _kept  # noqa: PLW0603 - one lexicon a process, under the lock
    version = vocabulary_version()
    if version is None:
        return load_default_lexicon()
    with _lock:
        if _kept is None or _kept[0] != version:
            _kept = version, Lexicon(_terms(), _forms())
        return _kept[1]


def _terms() -> Iterator[reading.Term]:
    # Quantities and units are read by their own patterns.
    for row in Term.objects.exclude(kind__in=["quantity", "unit"]).order_by("pk"):
        yield reading.Term(row.kind, row.code, row.name_zh, row.name_en, row.parent, row.attributes)


def _forms() -> Iterator[reading.Form]:
    rows = Synonym.objects.exclude(term__kind__in=["quantity", "unit"]).order_by("pk")
    for kind, code, form in rows.values_list("term__kind", "term__code", "form"):
        yield reading.Form(kind, code, form)
