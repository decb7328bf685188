"""What the engine knows of the trade, passed in as plain data by whoever holds the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Atom = tuple[str, str]
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """Relations between values. Everything is optional: what is not known here relates to nothing.

    narrower: process -> processes that satisfy it as well (kinds of it). related: process
    -> processes that often go with it. families: process -> its family.
    family_kin: family -> families a line of which may plausibly do it too; a family that is missing here is kin
    to all. proofs: qualification -> qualifications that include it. hazard_proofs: hazard -> facts (kind,
    value) that show it is handled. chain_kin: chain -> neighbouring chains; a missing chain neighbours all.
    region_parents: code or name -> the code above it. region_groups: group code -> countries or provinces.
    clusters: sets of provinces that count as near. likely: an unread phrase as (kind, text) -> the value it
    probably means, learned from listings that declare the one and write the other.
    """

    narrower: Mapping[str, frozenset[str]] = field(default_factory=dict)
    related: Mapping[str, frozenset[str]] = field(default_factory=dict)
    families: Mapping[str, str] = field(default_factory=dict)
    family_kin: Mapping[str, frozenset[str]] = field(default_factory=dict)
    proofs: Mapping[str, frozenset[str]] = field(default_factory=dict)
    hazard_proofs: Mapping[str, frozenset[Atom]] = field(default_factory=dict)
    chain_kin: Mapping[str, frozenset[str]] = field(default_factory=dict)
    chain_near: Mapping[str, frozenset[str]] = field(default_factory=dict)
    region_parents: Mapping[str, str] = field(default_factory=dict)
    region_groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    clusters: tuple[frozenset[str], ...] = ()
    likely: Mapping[Atom, str] = field(default_factory=dict)
    _above: Mapping[str, frozenset[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        above: dict[str, set[str]] = {}
        for process, below in self.narrower.items():
            for name in below - {process}:
                above.setdefault(name, set()).add(process)
        object.__setattr__(self, "_above", {name: frozenset(found) for name, found in above.items()})

    def satisfying(self, process: str) -> frozenset[str]:
        """The process itself and every kind of it."""
        return self.narrower.get(process, _NOTHING) | {process}

    def broader(self, process: str) -> frozenset[str]:
        """Processes of which this one is a kind, without itself."""
        return self._above.get(process, _NOTHING)

    def proving(self, qualification: str) -> frozenset[str]:
        """The qualification itself and those that include it."""
        return self.proofs.get(qualification, _NOTHING) | {qualification}
