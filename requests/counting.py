"""How many capabilities meet conditions that are still being written.

Needs do not know the catalogue; the app above that does names its counter here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.module_loading import import_string

Counter = Callable[[Sequence[Mapping[str, Any]]], int]
_counters: list[str] = []


def subscribe(counter: str) -> None:
    """Have `counter` (dotted path of a function taking condition records) asked; the last one named counts."""
    _counters[:] = [counter]


def count(conditions: Sequence[Mapping[str, Any]]) -> int | None:
    """Capabilities that violate none of the hard conditions; None where nobody counts."""
    if not _counters:
        return None
    counter: Counter = import_string(_counters[0])
    return counter(conditions)
