"""How many capabilities each value of each filter would leave, from columns in this process that follow the catalogue.

At ten thousand listings the same counts by SQL take a tenth of a second, because facts must be counted once for each
capability; here they take a few milliseconds. Like the engine's index, the columns follow the catalogue clock.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .enums import FactKind, ListingStatus
from .models import Capability, Fact
from .selectors import catalogue_version

Counts = dict[str, int]
Chosen = Mapping[str, tuple[str, ...]]
FACETS = ("chain", "stage", "process", "qualification", "region")
FACT_FACETS = {"stage": FactKind.STAGE, "process": FactKind.PROCESS, "qualification": FactKind.QUALIFICATION}
# What a region's filter looks at; what it counts is "region".
_IN_REGION, _IN_COUNTRY = "in region", "in country"
_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Columns:
    """Which capability has which value: `rows[row[i]]` (a primary key) has `keys[code[i]]`. Never changed once made."""

    rows: NDArray[np.int64]
    row: NDArray[np.int64]
    code: NDArray[np.int64]
    keys: tuple[_Key, ...]

    def count(self, chosen: Chosen, among: Iterable[int] | None) -> dict[str, Counts]:
        """For each filter its values with counts over what passes all *other* filters; only `among` where given."""
        base = (
            np.ones(len(self.rows), dtype=bool) if among is None else np.isin(self.rows, np.array([*among], np.int64))
        )
        passing = {name: self._passing(name, values) for name, values in chosen.items() if values}
        whole = self._numbers(np.logical_and.reduce([base, *passing.values()]))
        counts: dict[str, Counts] = {}
        for name in FACETS:
            others = [mask for other, mask in passing.items() if other != name]
            numbers = self._numbers(np.logical_and.reduce([base, *others])) if name in passing else whole
            found = ((key[1], int(n)) for key, n in zip(self.keys, numbers, strict=True) if n and key[0] == name)
            counts[name] = dict(sorted(found, key=lambda pair: (-pair[1], pair[0])))
        return counts

    def _numbers(self, kept: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.bincount(self.code[kept[self.row]], minlength=len(self.keys)).astype(np.int64)

    def _passing(self, name: str, values: tuple[str, ...]) -> NDArray[np.bool_]:
        """Rows with any of the values."""
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
        self._columns: Columns | None = None

    def current(self) -> Columns:
        """The columns, brought up to date; what was lent before stays as it was."""
        with self._lock:
            version = catalogue_version()
            if self._columns is None or version < self._seen:
                self._codes, self._held, self._columns = {}, {}, None
                self._seen = -1
            if self._columns is None or version != self._seen:
                self._take_up(self._seen)
                self._columns = self._built()
            self._seen = version
            return self._columns

    def _take_up(self, seen: int) -> None:
        changed: Any = Capability.objects.filter(version__gt=seen)
        for pk in changed.values_list("pk", flat=True):
            self._held.pop(pk, None)
        keys = _keys_of(changed.filter(status=ListingStatus.PUBLISHED, platform__status=ListingStatus.PUBLISHED))
        for pk, found in keys.items():
            # Each once, also where a value is both stated and read from the text.
            codes = [self._codes.setdefault(key, len(self._codes)) for key in dict.fromkeys(found)]
            self._held[pk] = np.array(codes, dtype=np.int64)

    def _built(self) -> Columns:
        codes = list(self._held.values())
        return Columns(
            rows=np.fromiter(self._held, dtype=np.int64, count=len(self._held)),
            row=np.repeat(np.arange(len(codes)), [len(part) for part in codes]),
            code=np.concatenate(codes) if codes else np.array([], dtype=np.int64),
            keys=tuple(self._codes),
        )


def _keys_of(rows: Any) -> dict[int, list[_Key]]:
    found: dict[int, list[_Key]] = {}
    places = rows.values_list("pk", "platform__chains", "platform__region", "platform__country")
    for pk, chains, region, country in places.iterator(chunk_size=5000):
        # Abroad a listing's country is as near as its place is known.
        placed = [("region", region or country), (_IN_REGION, region), (_IN_COUNTRY, country)]
        found[pk] = [("chain", chain) for chain in chains] + [key for key in placed if key[1]]
    names = {kind.value: name for name, kind in FACT_FACETS.items()}
    facts = Fact.objects.standing().filter(capability__in=rows, kind__in=names).exclude(value="").order_by()
    for pk, kind, value in facts.values_list("capability_id", "kind", "value").iterator(chunk_size=5000):
        if pk in found:
            found[pk].append((names[kind], value))
    return found


_table = FacetTable()


def current_columns() -> Columns:
    """The columns of this process, up to date with the catalogue."""
    return _table.current()
