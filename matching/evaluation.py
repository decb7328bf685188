"""The engine alone, over exchange files: what `manage.py evaluate` does, and what the benchmarks measure."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from matching.collecting import collector_paused
from matching.engine import (
    CapabilityFacts,
    Condition,
    Index,
    OpenNeed,
    OpenNeeds,
    Ranked,
    Rules,
    Wish,
    learn,
    rank,
    verdict_table,
)
from matching.translation import (
    capability_from_exchange,
    condition_from_exchange,
    knowledge_from_lexicon,
    wish_of,
)
from zhongshi.vocabulary.reading import Lexicon, read_capability, read_need
from zhongshi.vocabulary.reading.unread import unread_phrases

# Up to this many capabilities the run holds the verdicts of all of them, beyond it those of the ranking.
SMALL_POOL = 2000
# What texts tell beyond a form. Categories (chain, stage, service, region) guessed from a word are weaker than silence.
_TOLD = frozenset({"material", "process", "parameter", "qualification", "hazard"})
Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Task:
    """What to evaluate with: the vocabulary, the day that dates without a year refer to, list length, weights."""

    lexicon: Lexicon
    today: date
    k: int = 20
    read_text_only: bool = False
    rules: Rules = field(default_factory=Rules)


def read_lines(path: Path, report: Report) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON Lines file, .gz or plain. A broken line is reported with its number and left out.

    Raises OSError where the file cannot be read.
    """
    with _opened(path) as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except ValueError as error:
                report(f"{path}:{number}: broken line left out: {error}")
                continue
            if isinstance(record, dict):
                yield record
            else:
                report(f"{path}:{number}: broken line left out: not an object")


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", errors="replace")
    return path.open(encoding="utf-8", errors="replace")


def load_capabilities(paths: Iterable[Path], task: Task, report: Report) -> list[CapabilityFacts]:
    """Read every capability of these files: declared facts and those read from its text."""
    found: list[CapabilityFacts] = []
    with collector_paused():
        for path in paths:
            for platform in read_lines(path, report):
                found.extend(_capabilities(platform, task, report))
                if len(found) % 5000 < len(platform.get("capabilities") or ()):
                    report(f"{len(found)} capabilities read")
    return found


def _capabilities(platform: Mapping[str, Any], task: Task, report: Report) -> Iterator[CapabilityFacts]:
    try:
        for capability in platform.get("capabilities") or ():
            facts = read_capability(platform, capability, task.lexicon)
            yield capability_from_exchange(platform, capability, facts, lexicon=task.lexicon)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        report(f"platform {platform.get('id')!r}: left out: {error!r}")


def index_of(capabilities: Sequence[CapabilityFacts], task: Task) -> Index:
    """Build the index, with the synonyms these capabilities teach."""
    return Index.build(capabilities, knowledge_from_lexicon(task.lexicon, learn(capabilities)))


def evaluate(
    needs: Iterable[Mapping[str, Any]], capabilities: Sequence[CapabilityFacts], task: Task, report: Report
) -> Iterator[dict[str, Any]]:
    """Yield one run line a need: ranking, scores, verdicts, what was read, and milliseconds of reading and matching."""
    index = index_of(capabilities, task)
    for number, need in enumerate(needs, start=1):
        try:
            yield _need_line(need, index, task)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            report(f"need {need.get('id')!r}: left out: {error!r}")
        if number % 500 == 0:
            report(f"{number} needs matched")


def _need_line(need: Mapping[str, Any], index: Index, task: Task) -> dict[str, Any]:
    title, text = str(need.get("title") or ""), str(need.get("text") or "")
    begun = time.perf_counter()
    read = [condition.to_exchange() for condition in read_need(title, text, task.lexicon, today=task.today).conditions]
    given = read if task.read_text_only else list(need.get("conditions") or ())
    conditions = _translated(given, task)
    asked_with = conditions if task.read_text_only else conditions + _translated(_beyond(given, read), task)
    results = rank(index, asked_with, _wish(need, task), task.rules, limit=task.k)
    spent = (time.perf_counter() - begun) * 1000
    return {
        "need": need["id"],
        "ranking": [result.capability for result in results],
        "scores": [round(result.score, 4) for result in results],
        "verdicts": _verdicts(index, conditions, results),
        "conditions": read,
        "ms": round(spent, 3),
    }


def _wish(need: Mapping[str, Any], task: Task) -> Wish:
    phrases = unread_phrases(str(need.get("title") or ""), str(need.get("text") or ""), task.lexicon)
    return wish_of(need, phrases, task.lexicon)


def _translated(records: Iterable[Mapping[str, Any]], task: Task) -> list[Condition]:
    return [condition_from_exchange(record, task.lexicon, today=task.today) for record in records]


def _beyond(given: Sequence[Mapping[str, Any]], read: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What the text says where the given conditions are silent: numbers and permits bind, the rest are wishes.

    A given condition of the same kind (and quantity, or value) is the need's own word on it and stands alone.
    """
    known = {_subject(record) for record in given}
    return [
        {**record, "hard": record["kind"] == "parameter" or (record["kind"] == "qualification" and record["hard"])}
        for record in read
        if record["kind"] in _TOLD and _subject(record) not in known
    ]


def _subject(record: Mapping[str, Any]) -> tuple[str, str]:
    kind = str(record.get("kind"))
    if record.get("quantity"):
        return kind, str(record["quantity"])
    return kind, str(record.get("value")) if kind in {"process", "material", "qualification", "hazard"} else ""


def _verdicts(index: Index, conditions: Sequence[Condition], results: Sequence[Ranked]) -> dict[str, list[str]]:
    """Verdicts by condition: of every capability in a small pool, of those ranked in a large one."""
    if len(index) <= SMALL_POOL:
        table = verdict_table(index, conditions)
        return {capability: [verdict.value for verdict in table[capability]] for capability in sorted(table)}
    return {result.capability: [verdict.value for verdict in result.verdicts[: len(conditions)]] for result in results}


def evaluate_reverse(
    needs: Iterable[Mapping[str, Any]], capabilities: Sequence[CapabilityFacts], task: Task, report: Report
) -> Iterator[dict[str, Any]]:
    """Yield one run line a capability: the needs it may serve, best first, with scores and milliseconds.

    Verdicts are per given condition, as in the forward direction.
    """
    waiting = list(open_needs(needs, task, report))
    given = {need.id: count for need, count in waiting}
    held = OpenNeeds([need for need, _ in waiting], index_of(capabilities, task), task.rules)
    for number, capability in enumerate(capabilities, start=1):
        yield _capability_line(capability, held, given, task)
        if number % 100 == 0:
            report(f"{number} capabilities matched")


def open_needs(needs: Iterable[Mapping[str, Any]], task: Task, report: Report) -> Iterator[tuple[OpenNeed, int]]:
    """Yield each need as it waits for capabilities, with the number of its given conditions, which come first."""
    for need in needs:
        try:
            title, text = str(need.get("title") or ""), str(need.get("text") or "")
            read = read_need(title, text, task.lexicon, today=task.today).conditions
            records: list[Mapping[str, Any]] = [condition.to_exchange() for condition in read]
            given = records if task.read_text_only else list(need.get("conditions") or ())
            beyond = [] if task.read_text_only else _beyond(given, records)
            waiting = OpenNeed(
                id=need["id"],
                conditions=tuple(_translated([*given, *beyond], task)),
                wish=_wish(need, task),
            )
            yield waiting, len(given)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            report(f"need {need.get('id')!r}: left out: {error!r}")


def _capability_line(
    capability: CapabilityFacts, held: OpenNeeds, given: Mapping[str, int], task: Task
) -> dict[str, Any]:
    begun = time.perf_counter()
    ranked = held.rank(capability, limit=task.k)
    spent = (time.perf_counter() - begun) * 1000
    return {
        "capability": capability.id,
        "ranking": [one.need for one in ranked],
        "scores": [round(one.score, 4) for one in ranked],
        "verdicts": {one.need: [verdict.value for verdict in one.verdicts[: given[one.need]]] for one in ranked},
        "ms": round(spent, 3),
    }
