"""Which facts the operator's listings lacked when needs asked for them: told by whoever knows the needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Gap:
    """A field in words, and how many needs found it blank."""

    label: str
    needs: int


@dataclass(frozen=True, slots=True)
class GapReport:
    """The fields that would have told most, and how many needs of the last `days` found at least one of them blank."""

    gaps: Sequence[Gap] = field(default_factory=list)
    needs: int = 0
    days: int = 90


Reporter = Callable[[Sequence[int]], GapReport]
_reporters: list[str] = []


def subscribe(reporter: str) -> None:
    """Have `reporter` (dotted path of a function taking capabilities by primary key) asked; the last one named."""
    _reporters[:] = [reporter]


def gaps_of(capabilities: Sequence[int]) -> GapReport:
    """What these listings left blank when needs asked; nothing where nobody knows the needs."""
    if not _reporters or not capabilities:
        return GapReport()
    reporter: Reporter = import_string(_reporters[0])
    return reporter(capabilities)
