"""The engine's index in this process: follows PostgreSQL by the catalogue clock, asked by workers and web alike."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.utils import timezone

from matching import engine
from matching.findings import Findings, findings_of
from matching.models import RulesVersion
from matching.translation import (
    capability_from_exchange,
    condition_from_exchange,
    knowledge_from_lexicon,
    need_words,
    place_of,
)
from platforms.selectors import CapabilityRecord, catalogue_version, changed_since
from zhongshi.vocabulary.lexicons import current_lexicon
from zhongshi.vocabulary.reading import Lexicon

Record = Mapping[str, Any]


class Catalogue:
    """One index and how far it has followed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._index: engine.Index | None = None
        self._lexicon: Lexicon | None = None
        self._seen = -1

    @contextmanager
    def current(self) -> Iterator[tuple[engine.Index, int]]:
        """Lend the index, brought up to date, with the catalogue version it holds at least.

        One thread at a time: another's update would move the columns under a running match.
        """
        with self._lock:
            yield self._followed(), self._seen

    def _followed(self) -> engine.Index:
        """Take up what changed: a new vocabulary makes a new index, a changed listing overwrites its one record."""
        lexicon, version = current_lexicon(), catalogue_version()
        if self._index is None or self._lexicon is not lexicon or version < self._seen:
            listed = (_facts(record, lexicon) for record in changed_since(-1) if record.is_listed)
            self._index = engine.Index.build(listed, knowledge_from_lexicon(lexicon))
            self._lexicon = lexicon
        elif version != self._seen:
            for record in changed_since(self._seen):
                _take_up(self._index, record, lexicon)
        self._seen = version
        return self._index


def _take_up(index: engine.Index, record: CapabilityRecord, lexicon: Lexicon) -> None:
    if record.is_listed:
        index.upsert(_facts(record, lexicon))
    else:
        index.remove(str(record.pk))


def _facts(record: CapabilityRecord, lexicon: Lexicon) -> engine.CapabilityFacts:
    return capability_from_exchange(record.platform, record.capability, record.read, lexicon=lexicon)


_catalogue = Catalogue()


def find(need: Record, *, limit: int) -> Findings:
    """Match a need (an exchange record) against everything listed now, under the rules in force."""
    rules, conditions = current_rules(), _conditions(need["conditions"])
    words = need_words(str(need.get("title") or ""), str(need.get("text") or ""))
    home = place_of(need, current_lexicon())
    with _catalogue.current() as (index, version):
        outcome = engine.match(index, conditions, words, rules, home=home, limit=limit)
    return findings_of(outcome, need["conditions"], rules_version=rules.version, catalogue_version=version)


def count_candidates(conditions: Sequence[Record]) -> int:
    """How many listed capabilities violate none of the hard conditions."""
    asked = _conditions(conditions)
    with _catalogue.current() as (index, _):
        return engine.candidates(index, asked)


def current_rules() -> engine.Rules:
    """Return the newest rules in force, or the engine's own where nobody has saved any."""
    saved = RulesVersion.objects.filter(is_active=True).first()
    return engine.Rules.from_mapping(saved.weights, version=f"r{saved.pk}") if saved else engine.Rules()


def _conditions(records: Sequence[Record]) -> list[engine.Condition]:
    lexicon, today = current_lexicon(), timezone.localdate()
    return [condition_from_exchange(record, lexicon, today=today) for record in records]
