"""How many capabilities each value of each filter would leave, and which hold a word, from columns in this process.

At ten thousand listings either question takes a tenth of a second by SQL, because all facts must be gone through; here
it takes a few milliseconds. Like the engine's index, the columns follow the catalogue clock.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhongshi.core.moments import once

from .enums import FactKind, ListingStatus
from .models import Capability, Fact, FreePeriod
from .selectors import catalogue_version, removed_since

Counts = dict[str, int]
Chosen = Mapping[str, tuple[str, ...]]
FACETS = ("chain", "service", "stage", "process", "qualification", "region")
# Several papers mean all of them; several values of any other filter mean any of them.
ALL_OF = frozenset({"qualification"})
# Kinds a searched word may mean, beside the filters.
MEANT = ("material",)
FACT_FACETS = {
    "service": FactKind.SERVICE,
    "stage": FactKind.STAGE,
    "process": FactKind.PROCESS,
    "qualification": FactKind.QUALIFICATION,
}
# What a region's filter looks at; what it counts is "region".
_IN_REGION, _IN_COUNTRY = "in region", "in country"
_Key = tuple[str, str]
# Which rows hold a word or pass a filter is kept while the catalogue stays as it is: most searches are for few.
MASKS_KEPT = 128
_Place = tuple[int, int, int]
_PLACED = ("platform__chains", "platform__region", "platform__country")
_SAID = ("name", "summary", "platform__name", "platform__city")


@dataclass(frozen=True)
class Columns:
    """Which capability has which value: `rows[row[i]]` (a primary key) has `keys[code[i]]`. Never changed once made.

    `rows` stand as listed: by platform, then by place within it. `texts[i]` is what `rows[i]` says, in small letters;
    `rows[free_row[i]]` is free from day `free_first[i]` to day `free_last[i]` (ordinals, both included).
    `price_units` are those in which anybody states a price.
    """

    rows: NDArray[np.int64]
    row: NDArray[np.int64]
    code: NDArray[np.int64]
    keys: tuple[_Key, ...]
    texts: tuple[str, ...]
    free_row: NDArray[np.int64]
    free_first: NDArray[np.int64]
    free_last: NDArray[np.int64]
    price_units: tuple[str, ...] = ()
    _held: dict[Hashable, NDArray[np.bool_]] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def everything(self) -> dict[str, Counts]:
        """Counts of a search for nothing, which every page of the catalogue starts from."""
        return self.count({}, None)

    def free_between(self, first: date, last: date) -> NDArray[np.bool_]:
        """Rows that are free on some day from `first` to `last`."""
        meets = (self.free_last >= first.toordinal()) & (self.free_first <= last.toordinal())
        mask = np.zeros(len(self.rows), dtype=bool)
        mask[self.free_row[meets]] = True
        return mask

    def found(self, chosen: Chosen, among: Iterable[int] | None) -> NDArray[np.bool_]:
        """Rows that pass every filter; only `among` where given."""
        masks = [self._filtered(name, values) for name, values in chosen.items() if values]
        return np.asarray(np.logical_and.reduce([self._base(among), *masks]), dtype=bool)

    def _base(self, among: Iterable[int] | None) -> NDArray[np.bool_]:
        if among is None:
            return np.ones(len(self.rows), dtype=bool)
        return np.isin(self.rows, np.array([*among], np.int64))

    def holding(self, word: str, meant: Iterable[_Key]) -> NDArray[np.bool_]:
        """Rows whose text contains the word, or that have one of the values it means. Not to be changed."""
        small, keys = word.lower(), tuple(meant)
        return self._kept(("word", small, keys), lambda: self._searched(small, keys))

    def _kept(self, key: Hashable, find: Callable[[], NDArray[np.bool_]]) -> NDArray[np.bool_]:
        # Asked by several threads at once: what one of them clears another still holds.
        kept = self._held.get(key)
        if kept is None:
            kept = find()
            if len(self._held) >= MASKS_KEPT:
                self._held.clear()
            self._held[key] = kept
        return kept

    def _searched(self, small: str, meant: Iterable[_Key]) -> NDArray[np.bool_]:
        held = np.fromiter((small in text for text in self.texts), dtype=bool, count=len(self.texts))
        for name, value in meant:
            held |= self._passing(name, (value,))
        return held

    def count(self, chosen: Chosen, among: Iterable[int] | None) -> dict[str, Counts]:
        """For each filter its values with counts over what passes all *other* filters; only `among` where given.

        Of a filter whose values must all be met, what is chosen already narrows its own counts too.
        """
        base = self._base(among)
        passing = {name: self._filtered(name, values) for name, values in chosen.items() if values}
        whole = self._numbers(np.logical_and.reduce([base, *passing.values()]))
        counts: dict[str, Counts] = {}
        for name in FACETS:
            others = [mask for other, mask in passing.items() if other != name]
            is_lifted = name in passing and name not in ALL_OF
            numbers = self._numbers(np.logical_and.reduce([base, *others])) if is_lifted else whole
            codes = self._codes_of[name]
            found = [(self.keys[code][1], int(numbers[code])) for code in codes[numbers[codes] > 0].tolist()]
            counts[name] = dict(sorted(found, key=lambda pair: (-pair[1], pair[0])))
        return counts

    @cached_property
    def _codes_of(self) -> dict[str, NDArray[np.int64]]:
        """The codes of each filter's values."""
        codes: dict[str, list[int]] = {name: [] for name in FACETS}
        for code, (name, _) in enumerate(self.keys):
            if name in codes:
                codes[name].append(code)
        return {name: np.array(found, dtype=np.int64) for name, found in codes.items()}

    def _numbers(self, kept: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.bincount(self.code[kept[self.row]], minlength=len(self.keys)).astype(np.int64)

    def _filtered(self, name: str, values: tuple[str, ...]) -> NDArray[np.bool_]:
        if name not in ALL_OF:
            return self._passing(name, values)
        return np.asarray(np.logical_and.reduce([self._passing(name, (value,)) for value in values]), dtype=bool)

    def _passing(self, name: str, values: tuple[str, ...]) -> NDArray[np.bool_]:
        """Rows with any of the values. Not to be changed."""
        return self._kept(("filter", name, values), lambda: self._having(name, values))

    def _having(self, name: str, values: tuple[str, ...]) -> NDArray[np.bool_]:
        wanted = [code for code, key in enumerate(self.keys) if any(_stands_for(name, value, key) for value in values)]
        mask = np.zeros(len(self.rows), dtype=bool)
        mask[self.row[np.isin(self.code, wanted)]] = True
        return mask


def _stands_for(name: str, value: str, key: _Key) -> bool:
    """As `search.find_capabilities` filters: a province takes in its cities, two letters are a country."""
    if name != "region":
        return key == (name, value)
    if len(value) == 2 and value.isalpha():
        return key == (_IN_COUNTRY, value)
    if value.isdigit() and value.endswith("0000"):
        return key[0] == _IN_REGION and key[1].startswith(value[:2])
    return key == (_IN_REGION, value)


class FacetTable:
    """The columns and how far they have followed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen = -1
        self._codes: dict[_Key, int] = {}
        self._held: dict[int, NDArray[np.int64]] = {}
        self._texts: dict[int, str] = {}
        self._places: dict[int, _Place] = {}
        self._units: dict[int, str] = {}
        self._free: dict[int, list[tuple[int, int]]] = {}
        self._columns: Columns | None = None

    def current(self) -> Columns:
        """The columns, brought up to date; what was lent before stays as it was."""
        with self._lock:
            version = catalogue_version()
            if self._columns is None or version < self._seen:
                self._codes, self._held, self._texts, self._free, self._columns = {}, {}, {}, {}, None
                self._places, self._units, self._seen = {}, {}, -1
            if self._columns is None or version != self._seen:
                self._take_up(self._seen)
                self._columns = self._built()
            self._seen = version
            return self._columns

    def _take_up(self, seen: int) -> None:
        changed: Any = Capability.objects.filter(version__gt=seen)
        for pk in [*changed.values_list("pk", flat=True), *removed_since(seen)]:
            self._held.pop(pk, None)
            self._free.pop(pk, None)
            self._units.pop(pk, None)
        published = changed.filter(status=ListingStatus.PUBLISHED, platform__status=ListingStatus.PUBLISHED)
        keys, texts = _read(published, self._places, self._units)
        self._texts.update(texts)
        periods = FreePeriod.objects.filter(capability__in=published).order_by()
        for pk, first, last in periods.values_list("capability_id", "starts_on", "ends_on").iterator(chunk_size=5000):
            self._free.setdefault(pk, []).append((first.toordinal(), last.toordinal()))
        for pk, found in keys.items():
            # Each once, also where a value is both stated and read from the text.
            codes = [self._codes.setdefault(key, len(self._codes)) for key in dict.fromkeys(found)]
            self._held[pk] = np.array(codes, dtype=np.int64)

    def _built(self) -> Columns:
        listed = sorted(self._held, key=self._places.__getitem__)
        codes = [self._held[pk] for pk in listed]
        free = [(number, *days) for number, pk in enumerate(listed) for days in self._free.get(pk, ())]
        columns = np.array(free, dtype=np.int64).reshape(-1, 3)
        return Columns(
            rows=np.array(listed, dtype=np.int64),
            row=np.repeat(np.arange(len(codes)), [len(part) for part in codes]),
            code=np.concatenate(codes) if codes else np.array([], dtype=np.int64),
            keys=tuple(self._codes),
            texts=tuple(self._texts[pk] for pk in listed),
            free_row=columns[:, 0],
            free_first=columns[:, 1],
            free_last=columns[:, 2],
            price_units=tuple(sorted(set(self._units.values()))),
        )


def _read(rows: Any, places: dict[int, _Place], units: dict[int, str]) -> tuple[dict[int, list[_Key]], dict[int, str]]:
    """What each capability of the query `rows` has, and what it says; its place and the unit of its price are noted."""
    keys: dict[int, list[_Key]] = {}
    said: dict[int, list[str]] = {}
    columns = ("pk", "platform_id", "position", "price", *_PLACED, *_SAID)
    for pk, platform, position, price, chains, region, country, *words in rows.values_list(*columns).iterator(
        chunk_size=5000
    ):
        places[pk] = platform, position, pk
        if price and price.get("amount") is not None and price.get("unit"):
            units[pk] = str(price["unit"])
        # Abroad a listing's country is as near as its place is known.
        placed = [("region", region or country), (_IN_REGION, region), (_IN_COUNTRY, country)]
        keys[pk] = [("chain", chain) for chain in chains] + [key for key in placed if key[1]]
        said[pk] = words
    names = {kind.value: name for name, kind in FACT_FACETS.items()} | {kind: kind for kind in MEANT}
    facts = Fact.objects.standing().filter(capability__in=rows).order_by()
    for pk, kind, value, text in facts.values_list("capability_id", "kind", "value", "text").iterator(chunk_size=5000):
        if pk not in keys:
            continue
        if value and kind in names:
            keys[pk].append((names[kind], value))
        said[pk] += {value, text}
    # No word of a search contains a line's end.
    return keys, {pk: "\n".join(words).lower() for pk, words in said.items()}


_table = FacetTable()


@once
def current_columns() -> Columns:
    """The columns of this process, up to date with the catalogue; the same ones for the whole of a page."""
    return _table.current()
