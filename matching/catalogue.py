"""The engine's index in this process: follows PostgreSQL by the catalogue clock, asked by workers and web alike."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from matching import engine
from matching.findings import Findings, findings_of
from matching.models import RulesVersion
from matching.translation import (
    capability_from_exchange,
    condition_from_exchange,
    knowledge_from_lexicon,
    need_words,
)
from platforms.selectors import catalogue_version, changed_since
from zhongshi.vocabulary.lexicons import current_lexicon
from zhongshi.vocabulary.reading import Lexicon

Record = Mapping[str, Any]


class Catalogue:
    """One index and how far it has followed. Whoever asks waits until it is up to date; asking is then lock-free."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._index: engine.Index | None = None
        self._lexicon: Lexicon | None = None
        self._seen = -1

    def index(self) -> tuple[engine.Index, int]:
        """Return the index and the catalogue version it holds at least.

        A vocabulary that changed makes a new index; a listing that changed overwrites its one record.
        """
        with self._lock:
            lexicon, version = current_lexicon(), catalogue_version()
            if self._index is None or self._lexicon is not lexicon or version < self._seen:
                self._index = engine.Index.build([], knowledge_from_lexicon(lexicon))
                self._lexicon, self._seen = lexicon, -1
            if version != self._seen:
                self._follow(self._index, lexicon)
                self._seen = version
            return self._index, version

    def _follow(self, index: engine.Index, lexicon: Lexicon) -> None:
        with transaction.atomic():
            for record in changed_since(self._seen):
                if record.is_listed:
                    facts = capability_from_exchange(record.platform, record.capability, record.read, lexicon=lexicon)
                    index.upsert(facts)
                else:
                    index.remove(str(record.pk))


_catalogue = Catalogue()


def find(need: Record, *, limit: int) -> Findings:
    """Match a need (an exchange record) against everything listed now, under the rules in force."""
    index, version = _catalogue.index()
    rules = current_rules()
    words = need_words(str(need.get("title") or ""), str(need.get("text") or ""))
    outcome = engine.match(index, _conditions(need["conditions"]), words, rules, limit=limit)
    return findings_of(outcome, need["conditions"], rules_version=rules.version, catalogue_version=version)


def count_candidates(conditions: Sequence[Record]) -> int:
    """How many listed capabilities violate none of the hard conditions."""
    index, _ = _catalogue.index()
    return engine.candidates(index, _conditions(conditions))


def current_rules() -> engine.Rules:
    """Return the newest rules in force, or the engine's own where nobody has saved any."""
    saved = RulesVersion.objects.filter(is_active=True).first()
    return engine.Rules.from_mapping(saved.weights, version=f"r{saved.pk}") if saved else engine.Rules()


def _conditions(records: Sequence[Record]) -> list[engine.Condition]:
    lexicon, today = current_lexicon(), timezone.localdate()
    return [condition_from_exchange(record, lexicon, today=today) for record in records]
