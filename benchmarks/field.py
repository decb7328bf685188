"""The synthetic field in memory, made ready for every contestant before any clock runs.

Reading texts and cutting words happen when something is saved, so no contestant pays for them in query time.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

from matching.engine import CapabilityFacts, OpenNeed, words_of
from matching.evaluation import Task, read_lines
from zhongshi.vocabulary.reading import Lexicon
from zhongshi.vocabulary.reading.normalise import normalise

from . import ours
from .columns import Trade
from .declared import FIRST_DAY, Geography, Offer, Wish, offer_of, wish_of
from .measures import Judgement

OPEN_NEEDS = "open_needs_20000.jsonl.gz"
LARGEST_FILE = 100_000
SIZES = (1_000, 10_000, LARGEST_FILE)
COMMON = 0.2
_TERMS = frozenset({"chain", "process", "material", "qualification"})
_TEXTS = ("name", "summary", "title", "text")
_LISTS = ("processes", "qualifications", "chains")


class NoField(Exception):
    """The data are not where they were looked for."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One listing as each contestant stores it: words for the peers, declared fields, and our facts."""

    id: str
    tokens: tuple[str, ...]
    offer: Offer
    facts: CapabilityFacts


@dataclass(frozen=True, slots=True)
class Need:
    """One need as each contestant is asked with it."""

    id: str
    tokens: tuple[str, ...]
    wish: Wish
    reading: OpenNeed


@dataclass(frozen=True, slots=True)
class Field:
    """Everything one size needs. Judgements are empty where listings are repeated."""

    listings: list[Listing]
    needs: list[Need]
    judgements: Mapping[str, Judgement]
    task: Task
    trade: Trade


def locate(folder: Path) -> None:
    """Raise NoField, with a sentence, where the field is not in this folder."""
    names = ["needs.jsonl", OPEN_NEEDS, "vocabulary/regions.json"]
    names += [f"{kind}_{size}.jsonl.gz" for kind in ("platforms", "judgements") for size in SIZES]
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise NoField(f"No {missing[0]} in {folder}: name the synthetic field's folder, make bench BENCH_DATA=…")


def load(folder: Path, size: int) -> Field:
    """Read `size` listings, the judged needs and their judgements. More than the largest file holds is repeated."""
    task = Task(lexicon=Lexicon.from_public_folder(folder / "vocabulary"), today=FIRST_DAY)
    geography = Geography.load(folder / "vocabulary" / "regions.json")
    stored = min(size, LARGEST_FILE)
    path = folder / f"platforms_{next(one for one in SIZES if one >= stored)}.jsonl.gz"
    listings = without_common(list(islice(_listings(path, task, geography), stored)))
    needs = read_needs(folder / "needs.jsonl", task, geography)
    trade = Trade(geography, _neighbours(folder))
    trade.learn(listing.offer for listing in listings)
    trade.learn(need.wish for need in needs)
    judged = _judgements(folder / f"judgements_{size}.jsonl.gz") if size in SIZES else {}
    return Field(repeated(listings, size), needs, judged, task, trade)


def _listings(path: Path, task: Task, geography: Geography) -> Iterable[Listing]:
    for number, platform in enumerate(read_lines(path, report), start=1):
        for capability in platform["capabilities"]:
            tokens = _tokens({**platform, **capability}, task.lexicon)
            facts = ours.read_listing(platform, capability, task)
            yield Listing(capability["id"], tokens, offer_of(platform, capability, geography), facts)
        if number % 20_000 == 0:
            report(f"{number} listings read")


def without_common(listings: Sequence[Listing]) -> list[Listing]:
    """The listings without the words that stand in more than a fifth of them: they tell nothing and cost most."""
    spread = Counter(chain.from_iterable(listing.tokens for listing in listings))
    most = COMMON * len(listings)
    return [
        replace(listing, tokens=tuple(token for token in listing.tokens if spread[token] <= most))
        for listing in listings
    ]


def read_needs(path: Path, task: Task, geography: Geography) -> list[Need]:
    """The needs of a file, with form and text."""
    return [
        Need(
            record["id"],
            _tokens(record | _named(record), task.lexicon),
            wish_of(record, geography),
            ours.read_need(record, task),
        )
        for record in read_lines(path, report)
    ]


def _named(need: Mapping[str, Any]) -> dict[str, list[str]]:
    """What the form names, in the lists in which listings have it."""
    kinds = {"process": "processes", "qualification": "qualifications", "chain": "chains"}
    return {
        name: [condition["value"] for condition in need.get("conditions") or () if condition["kind"] == kind]
        for kind, name in kinds.items()
    }


def _tokens(record: Mapping[str, Any], lexicon: Lexicon) -> tuple[str, ...]:
    """Words as pairs of signs, and every known term under its canonical name, whichever synonym was written."""
    texts = [str(record.get(name) or "") for name in _TEXTS]
    listed = [str(value) for name in _LISTS for value in record.get(name) or ()]
    found = lexicon.find(normalise(" ; ".join([*texts, *listed])))
    terms = {f"{term.kind}:{term.value}" for item in found for term in item.terms if term.kind in _TERMS}
    return (*words_of(*texts, *listed), *sorted(terms))


def repeated(listings: list[Listing], size: int) -> list[Listing]:
    """The listings over and over, under further ids (`c7x1` is the second `c7`), until there are `size`."""
    copies = list(listings)
    for turn in range(1, -(-size // max(1, len(listings)))):
        further = islice(listings, size - len(copies))
        copies += [renamed(listing, f"{listing.id}x{turn}") for listing in further]
    return copies


def renamed(listing: Listing, name: str) -> Listing:
    """The same listing under another id."""
    return replace(listing, id=name, facts=replace(listing.facts, id=name))


def _judgements(path: Path) -> dict[str, Judgement]:
    return {one["need"]: Judgement(tuple(one["counts"]), one["grades"]) for one in read_lines(path, report)}


def _neighbours(folder: Path) -> dict[str, frozenset[str]]:
    chains = json.loads((folder / "vocabulary" / "chains.json").read_text(encoding="utf-8"))
    return {chain["name"]: frozenset([chain.get("neighbour", "")]) for chain in chains}


def report(message: str) -> None:
    """A line of progress on standard error."""
    sys.stderr.write(f"  {message}\n")
    sys.stderr.flush()
