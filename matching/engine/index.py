"""The capabilities as columns: one row each, overwritten in place when a listing changes."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from .knowledge import Knowledge
from .model import CapabilityFacts, Fact, Path
from .tables import Bits, Postings, Ranges
from .verdicts import bounds, horizon, is_range_of, kin_value

Quantity = tuple[str, str]
Token = tuple[str, str, str]
Words = tuple[tuple[str, float], ...]
Key = TypeVar("Key", bound=Hashable)
_NEVER = 2**31 - 1
# What is kept of every row beside its values, in tables whose columns are looked at together.
_CELLS: dict[str, tuple[str, tuple[str, ...]]] = {
    "kin": ("u8", ("family", "chain")),
    "numbers": ("i4", ("region", "exposure", "horizon", "operating")),
    "flags": ("?", ("alive", "has_calendar", "states_qualifications", "states_scale")),
}
_PLACE = {name: (table, at) for table, (_, names) in _CELLS.items() for at, name in enumerate(names)}
_OPERATING = {None: 0, True: 1, False: -1}
# How much of the trade a line can take on; the other quantities say under which conditions it runs.
SCALES = frozenset(
    {"volume", "mass_per_batch", "throughput_mass", "throughput_annual", "count", "wafer_size", "power", "area"}
)
# Values of regions are worked out once for each place that occurs; beyond so many questions all begin anew.
_MOST_MEMOS = 2048
# Columns of demands kept in memory take this much at most.
_MOST_BYTES = 96_000_000
_NO_ANSWERS = np.empty(0)
# A word in more listings than this, and in more than this share of them, says nothing about any.
_COMMON, _COMMON_SHARE = 10, 0.02


class Index:
    """Capabilities ready to be matched. Not safe for writing from several threads at once.

    Tokens are (how, kind, value), how being `own`, `platform` (another capability of the platform), `not`, `word`
    (an unread phrase as it stands in the text) or `likely` (a value such a phrase probably means).
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.records: list[CapabilityFacts | None] = []
        self.tokens: Postings[Token] = Postings()
        self.words: Postings[str] = Postings()
        self.ranges: dict[Quantity, Ranges] = {}
        self.periods = Ranges()
        self.families, self.chains = Bits(), Bits()
        self.paths: list[Path] = [()]
        self._path_ids: dict[Path, int] = {(): 0}
        self._path_memos: dict[Hashable, NDArray[np.float64]] = {}
        self._columns: dict[Hashable, NDArray[np.int8]] = {}
        self._rarities: dict[str, float] = {}
        self._shared: tuple[Words, NDArray[np.float64]] | None = None
        self.containing: dict[Token, tuple[int, tuple[Token, ...]]] = {}
        self._shares: dict[str, float] = {}
        self._row_of: dict[str, int] = {}
        self._free: list[int] = []
        self._cells: dict[str, NDArray[Any]] = {
            table: np.zeros((0, len(names)), dtype=kind) for table, (kind, names) in _CELLS.items()
        }

    @classmethod
    def build(cls, records: Iterable[CapabilityFacts], knowledge: Knowledge) -> Index:
        """Build an index of these records at once; of two with the same id the later one counts."""
        index = cls(knowledge)
        newest = {record.id: record for record in records}
        index.records = list(newest.values())
        index._row_of = {record_id: row for row, record_id in enumerate(newest)}
        index._resize(len(newest))
        rows = list(enumerate(newest.values()))
        index.tokens.fill((row, index.tokens_of(record)) for row, record in rows)
        index.words.fill((row, set(record.words)) for row, record in rows)
        index._fill_ranges(rows)
        for row, record in rows:
            index._put_cells(row, record)
        return index

    def upsert(self, record: CapabilityFacts) -> None:
        """Add a capability, or overwrite the one of the same id in its row."""
        row = self._row_of.get(record.id)
        old = self.records[row] if row is not None else None
        if row is None:
            row = self._new_row(record.id)
        self._swap(self.tokens, row, self.tokens_of(old), self.tokens_of(record))
        self._swap(self.words, row, set(old.words) if old else set(), set(record.words))
        for key in ranges_of(old).keys() | ranges_of(record).keys():
            self.ranges.setdefault(key, Ranges()).put(row, ranges_of(record).get(key, []))
        self.periods.put(row, record.availability or ())
        self.records[row] = record
        self._put_cells(row, record)

    def remove(self, capability_id: str) -> bool:
        """Take a capability out; False when it was not there. Its row is used again."""
        row = self._row_of.pop(capability_id, None)
        if row is None:
            return False
        old = self.records[row]
        self._swap(self.tokens, row, self.tokens_of(old), set())
        self._swap(self.words, row, set(old.words) if old else set(), set())
        for key in ranges_of(old):
            self.ranges[key].put(row, [])
        self.periods.put(row, [])
        self.records[row] = None
        self._put_cells(row, CapabilityFacts(id=""))
        self.cells("alive")[row] = False
        self._forget()
        self._free.append(row)
        return True

    @property
    def has_gaps(self) -> bool:
        """Are there rows whose capability was taken out?"""
        return len(self._row_of) < len(self.records)

    def __len__(self) -> int:
        return len(self._row_of)

    def __contains__(self, capability_id: object) -> bool:
        return capability_id in self._row_of

    def __iter__(self) -> Iterator[CapabilityFacts]:
        return (record for record in self.records if record is not None)

    def row(self, capability_id: str) -> int:
        """The row of a capability. Raises KeyError when it is not there."""
        return self._row_of[capability_id]

    def record(self, capability_id: str) -> CapabilityFacts:
        """The record of a capability. Raises KeyError when it is not there."""
        return self.at(self.row(capability_id))

    def at(self, row: int) -> CapabilityFacts:
        """The record in a living row."""
        record = self.records[row]
        if record is None:
            raise KeyError(row)
        return record

    def rarity(self, word: str) -> float:
        """How much a word tells (idf): large for rare words, 0 for words nobody has or too many have."""
        known = self._rarities.get(word)
        if known is None:
            count = self.words.count(word)
            is_rare = 0 < count <= max(_COMMON, _COMMON_SHARE * len(self))
            known = self._rarities[word] = math.log((len(self) + 1.0) / (count + 0.5)) if is_rare else 0.0
        return known

    def _new_row(self, capability_id: str) -> int:
        if self._free:
            row = self._free.pop()
        else:
            row = len(self.records)
            self.records.append(None)
            if row >= len(self._cells["flags"]):
                self._resize(max(16, row * 2))
        self._row_of[capability_id] = row
        return row

    def _resize(self, capacity: int) -> None:
        for table, cells in self._cells.items():
            more = np.zeros((capacity - len(cells), cells.shape[1]), dtype=cells.dtype)
            self._cells[table] = np.concatenate([cells, more])

    @staticmethod
    def _swap(postings: Postings[Key], row: int, old: set[Key], new: set[Key]) -> None:
        for key in old - new:
            postings.discard(key, row)
        for key in new - old:
            postings.add(key, row)

    def _fill_ranges(self, rows: list[tuple[int, CapabilityFacts]]) -> None:
        entries: dict[Quantity, list[tuple[int, float, float]]] = {}
        for row, record in rows:
            for key, found in ranges_of(record).items():
                entries.setdefault(key, []).extend((row, low, high) for low, high in found)
        for key, entry in entries.items():
            self.ranges.setdefault(key, Ranges()).fill(entry, len(rows))
        periods = [(row, low, high) for row, record in rows for low, high in record.availability or ()]
        self.periods.fill(periods, len(rows))

    def _put_cells(self, row: int, record: CapabilityFacts) -> None:
        periods = record.availability
        self._cells["kin"][row] = self.kin_bits(record, "family"), self.kin_bits(record, "chain")
        ends = horizon(periods) if periods else _NEVER
        self._cells["numbers"][row] = (
            self._path_id(record.region),
            record.exposure,
            ends,
            _OPERATING[record.is_operating],
        )
        speaks = (states(record, cell) for cell in ("states_qualifications", "states_scale"))
        self._cells["flags"][row] = True, periods is not None, *speaks
        self._forget()

    def _path_id(self, path: Path) -> int:
        if path not in self._path_ids:
            self._path_ids[path] = len(self.paths)
            self.paths.append(path)
        return self._path_ids[path]

    def cells(self, name: str) -> NDArray[Any]:
        """One cell of every row as an array: alive, region (index of `paths`), exposure, has_calendar, horizon,
        operating (1 yes, -1 no, 0 not said), family and chain (bits), states_qualifications, states_scale."""
        table, at = _PLACE[name]
        cells: NDArray[Any] = self._cells[table][: len(self.records), at]
        return cells

    def cells_of(self, rows: NDArray[np.intp], name: str) -> dict[str, NDArray[Any]]:
        """That cell of some rows, and all that lie in the same table."""
        table, _ = _PLACE[name]
        found = self._cells[table].take(rows, axis=0)
        return {column: found[:, at] for at, column in enumerate(_CELLS[table][1])}

    def shared(self, words: Words) -> NDArray[np.float64]:
        """For each row the shares of those of the words that it has, added up; kept for the need last asked about."""
        if self._shared is None or self._shared[0] != words:
            found = np.zeros(len(self.records))
            for word, share in words:
                found[self.words.rows(word)] += share
            self._shared = words, found
        return self._shared[1]

    def remembered(self, demand: Hashable, answer: Callable[[], NDArray[np.int8]]) -> NDArray[np.int8]:
        """What was worked out for a demand on every row, until a row changes. Processes and permits come again."""
        known = self._columns.get(demand)
        if known is None:
            if (len(self._columns) + 1) * len(self.records) > _MOST_BYTES and self._columns:
                del self._columns[next(iter(self._columns))]
            known = self._columns[demand] = answer()
        return known

    def _forget(self) -> None:
        """A row changed."""
        self._shares.clear()
        self._columns.clear()
        self._rarities.clear()
        self._shared = None

    def kin_bits(self, record: CapabilityFacts, kind: str) -> int:
        """The families of a record's processes, or its chains, as bits."""
        if kind == "chain":
            return self.chains.mask(fact.value for fact in _offered(record, "chain") if fact.value)
        families = {kin_value(fact, "family", self.knowledge) for fact in _offered(record, "process")}
        return self.families.mask(name for name in families if name)

    def share(self, name: str) -> float:
        """The share of living rows in which a yes-or-no cell says yes."""
        if name not in self._shares:
            alive = self.cells("alive")
            yes = int(np.count_nonzero(self.cells(name) & alive))
            self._shares[name] = yes / max(1, int(np.count_nonzero(alive)))
        return self._shares[name]

    def expose(self, counts: Mapping[str, int]) -> None:
        """Set how often each capability was shown this month; those not named were not shown."""
        exposure = self.cells("exposure")
        exposure[:] = 0
        for capability_id, count in counts.items():
            if capability_id in self._row_of:
                exposure[self._row_of[capability_id]] = count

    def per_path(self, question: Hashable, answer: Callable[[Path], float]) -> NDArray[np.float64]:
        """What `answer` says of each of `paths`; remembered under `question`, since places are few and rows many."""
        known = self._path_memos.get(question, _NO_ANSWERS)
        if len(known) < len(self.paths):
            fresh = [answer(path) for path in self.paths[len(known) :]]
            known = np.concatenate([known, np.array(fresh, dtype=np.float64)])
            if len(self._path_memos) >= _MOST_MEMOS:
                self._path_memos.clear()
            self._path_memos[question] = known
        return known

    def tokens_of(self, record: CapabilityFacts | None) -> set[Token]:
        """What a record holds of values, as tokens (see the class)."""
        if record is None:
            return set()
        held = {(_how(fact), fact.kind, fact.value) for fact in record.facts if fact.value}
        held.update(("word", kind, text) for kind, text in record.phrases)
        likely = self.knowledge.likely
        held.update(("likely", kind, likely[kind, text]) for kind, text in record.phrases if (kind, text) in likely)
        return held


def _offered(record: CapabilityFacts, kind: str) -> Iterator[Fact]:
    return (fact for fact in record.facts if fact.kind == kind and fact.value and not fact.negated)


def states(record: CapabilityFacts, cell: str) -> bool:
    """Does a record speak of permits (states_qualifications), or of how much it can take on (states_scale), at all?"""
    if cell == "states_scale":
        return any(quantity in SCALES for quantity, _ in ranges_of(record))
    return any(True for _ in _offered(record, "qualification"))


def _how(fact: Fact) -> str:
    if fact.negated:
        return "not"
    return "platform" if fact.source == "platform" else "own"


def ranges_of(record: CapabilityFacts | None) -> dict[Quantity, list[tuple[float, float]]]:
    """What a record holds of numbers: the known ranges of each (quantity, dimension), open bounds infinite."""
    found: dict[Quantity, list[tuple[float, float]]] = {}
    for fact in record.facts if record else ():
        if fact.quantity and fact.dimension and is_range_of(fact, fact.quantity, fact.dimension):
            found.setdefault((fact.quantity, fact.dimension), []).append(bounds(fact))
    return found
