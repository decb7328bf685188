"""The engine's index in this process: follows PostgreSQL by the catalogue clock, asked by workers and web alike."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.utils import timezone

from matching import engine
from matching.collecting import collector_paused
from matching.exposure import shown_this_month
from matching.findings import Findings, Found, findings_of, found_of
from matching.learned import learned_forms, learned_version
from matching.translation import (
    capability_from_exchange,
    condition_from_exchange,
    knowledge_from_lexicon,
    wish_of,
)
from matching.zone_rules import installation_rules
from platforms.selectors import CapabilityRecord, catalogue_version, changed_since
from zhongshi.core.telemetry import counters
from zhongshi.vocabulary.lexicons import current_lexicon
from zhongshi.vocabulary.reading import Lexicon
from zhongshi.vocabulary.reading.unread import unread_phrases

Record = Mapping[str, Any]
NEEDS_AT_ONCE = 10
EXPOSURE_SECONDS = 60.0
_SUBJECT = frozenset({"process", "material", "chain", "service"})


class Catalogue:
    """One index and how far it has followed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._index: engine.Index | None = None
        self._lexicon: Lexicon | None = None
        self._learned: Any = None
        self._exposed = -math.inf
        self._seen = -1

    @contextmanager
    def current(self) -> Iterator[tuple[engine.Index, int]]:
        """Lend the index, brought up to date, with the catalogue version it holds at least.

        One thread at a time: another's update would move the columns under a running match.
        """
        with self._lock:
            yield self._followed(), self._seen

    def _followed(self) -> engine.Index:
        """Take up what changed: new words make a new index, a changed listing overwrites its one record."""
        lexicon, version, learned = current_lexicon(), catalogue_version(), learned_version()
        words = self._lexicon is lexicon and self._learned == learned
        if self._index is None or not words or version < self._seen:
            self._index = self._built(lexicon)
            self._lexicon, self._learned = lexicon, learned
        elif version != self._seen:
            for record in changed_since(self._seen):
                _take_up(self._index, record, lexicon)
        self._seen = version
        counters.CATALOGUE_SEEN.set(version)
        self._expose(self._index)
        return self._index

    def _built(self, lexicon: Lexicon) -> engine.Index:
        self._exposed = -math.inf
        with collector_paused():
            listed = (_facts(record, lexicon) for record in changed_since(-1) if record.is_listed)
            return engine.Index.build(listed, knowledge_from_lexicon(lexicon, learned_forms()))

    def _expose(self, index: engine.Index) -> None:
        """Who was shown how often breaks ties only, so it may be a minute old."""
        now = time.monotonic()
        if now - self._exposed >= EXPOSURE_SECONDS:
            index.expose({str(pk): count for pk, count in shown_this_month().items()})
            self._exposed = now


def _take_up(index: engine.Index, record: CapabilityRecord, lexicon: Lexicon) -> None:
    if record.is_listed:
        index.upsert(_facts(record, lexicon))
    else:
        index.remove(str(record.pk))


def _facts(record: CapabilityRecord, lexicon: Lexicon) -> engine.CapabilityFacts:
    return capability_from_exchange(record.platform, record.capability, record.read, lexicon=lexicon)


_catalogue = Catalogue()


def warm() -> None:
    """Build the index before anybody asks; whoever asks meanwhile waits for it."""
    with _catalogue.current():
        pass


def find(need: Record, *, limit: int, rules: engine.Rules | None = None) -> Findings:
    """Match a need (an exchange record) against everything listed now, under `rules` or the installation's own."""
    rules, asked = rules or installation_rules(), _open_need("", need, current_lexicon())
    with _catalogue.current() as (index, version):
        outcome = engine.match(index, asked.conditions, asked.wish, rules, limit=limit)
    return findings_of(outcome, need["conditions"], rules_version=rules.version, catalogue_version=version)


def find_needs(
    capabilities: Collection[int], needs: Mapping[int, Record], *, rules: engine.Rules | None = None
) -> dict[int, list[Found]]:
    """For each need (an exchange record by primary key) those of these capabilities that may serve it.

    Score and verdicts are what `find` gives the same pair under the same rules. A capability that is not listed now,
    or violates a hard condition, is missing; `rank` is 0, because a rank needs the other capabilities.
    """
    rules, lexicon = rules or installation_rules(), current_lexicon()
    asked = {str(pk): _open_need(str(pk), record, lexicon) for pk, record in needs.items()}
    found: dict[int, list[Found]] = {pk: [] for pk in needs}
    with _catalogue.current() as (index, _):
        waiting = engine.OpenNeeds(asked.values(), index, rules)
    for capability in capabilities:
        # Lent anew for each, so that other threads wait for one capability and not for all.
        with _catalogue.current() as (index, _):
            for result, need in _serving(index, str(capability), waiting, asked, rules):
                pk = int(need)
                found[pk].append(found_of(result, needs[pk]["conditions"], rank=0))
    return found


def judge(capability: int, need: Record, *, rules: engine.Rules | None = None) -> Found | None:
    """What the engine says of one pair, also where a hard condition fails; None for a capability not listed now."""
    rules, asked = rules or installation_rules(), _open_need("", need, current_lexicon())
    with _catalogue.current() as (index, _):
        if str(capability) not in index:
            return None
        result = engine.explain(index, str(capability), asked.conditions, asked.wish, rules)
    return found_of(result, need["conditions"], rank=0)


def _serving(
    index: engine.Index,
    capability: str,
    waiting: engine.OpenNeeds,
    asked: Mapping[str, engine.OpenNeed],
    rules: engine.Rules,
) -> Iterator[tuple[engine.Result, str]]:
    """What the capability is to each need whose hard conditions it does not violate."""
    if capability not in index:
        return
    for ranked in waiting.rank(index.record(capability), limit=None):
        need = asked[ranked.need]
        yield engine.explain(index, capability, need.conditions, need.wish, rules), ranked.need


def left_out(need: Record, position: int | None, *, start: int, count: int) -> tuple[int, tuple[engine.LeftOut, ...]]:
    """Whom a hard condition of the need (None: any of them) rules out now: how many, and `count` from `start` on."""
    asked = _conditions(need["conditions"], current_lexicon())
    with _catalogue.current() as (index, _):
        return engine.left_out(index, asked, position, start=start, count=count)


def left_open(capabilities: Collection[int], needs: Mapping[int, Sequence[Record]]) -> dict[int, set[int]]:
    """For each need (condition records by primary key) the conditions, by index, that these capabilities leave open.

    Pairs that violate a "must", or meet nothing of what a need is about, are passed over. Verdicts only: no text is
    read and nothing is ranked.
    """
    lexicon = current_lexicon()
    asked = {pk: _conditions(records, lexicon) for pk, records in needs.items()}
    found: dict[int, set[int]] = {pk: set() for pk in needs}
    with _catalogue.current() as (index, _):
        # Values that never change: they are judged after the index was given back.
        records = [index.record(one) for one in map(str, capabilities) if one in index]
        knowledge = index.knowledge
    for record in records:
        for pk, conditions in asked.items():
            found[pk] |= _open_ones(conditions, engine.judge(conditions, record, knowledge))
    return found


def _open_ones(conditions: Sequence[engine.Condition], judged: Sequence[engine.Judgement]) -> set[int]:
    pairs = list(zip(conditions, judged, strict=True))
    if any(one.hard and said.verdict == engine.Verdict.FAIL for one, said in pairs):
        return set()
    if not any(one.kind in _SUBJECT and said.verdict == engine.Verdict.PASS for one, said in pairs):
        return set()
    return {n for n, (_one, said) in enumerate(pairs) if said.verdict == engine.Verdict.UNKNOWN}


def taught() -> tuple[engine.Likely, ...]:
    """The synonyms the listings of now teach."""
    with _catalogue.current() as (index, _):
        return engine.learn(index)


def count_candidates(conditions: Sequence[Record]) -> int:
    """How many listed capabilities violate none of the hard conditions."""
    asked = _conditions(conditions, current_lexicon())
    with _catalogue.current() as (index, _):
        return engine.candidates(index, asked)


def _open_need(identity: str, record: Record, lexicon: Lexicon) -> engine.OpenNeed:
    phrases = unread_phrases(str(record.get("title") or ""), str(record.get("text") or ""), lexicon)
    conditions = tuple(_conditions(record["conditions"], lexicon))
    return engine.OpenNeed(id=identity, conditions=conditions, wish=wish_of(record, phrases, lexicon))


def _conditions(records: Sequence[Record], lexicon: Lexicon) -> list[engine.Condition]:
    today = timezone.localdate()
    return [condition_from_exchange(record, lexicon, today=today, is_now=True) for record in records]


def rank_under(needs: Sequence[Record], rules: Sequence[engine.Rules], *, limit: int) -> list[list[list[Found]]]:
    """For each need, the best `limit` under each of several rules, in their order: what `find` would give, at once.

    A few queries in all, however many needs.
    """
    lexicon = current_lexicon()
    asked = [(_open_need("", need, lexicon), need["conditions"]) for need in needs]
    ranked: list[list[list[Found]]] = []
    for start in range(0, len(asked), NEEDS_AT_ONCE):
        # Lent anew for each few needs, so that other threads wait for those and not for all.
        with _catalogue.current() as (index, _):
            ranked += [
                [_ranked(index, need, records, weights, limit) for weights in rules]
                for need, records in asked[start : start + NEEDS_AT_ONCE]
            ]
    return ranked


def _ranked(
    index: engine.Index, asked: engine.OpenNeed, records: Sequence[Record], rules: engine.Rules, limit: int
) -> list[Found]:
    outcome = engine.match(index, asked.conditions, asked.wish, rules, limit=limit)
    return [found_of(result, records, rank=rank) for rank, result in enumerate(outcome.results, start=1)]
