"""A vocabulary term as one place of a need means it."""

from __future__ import annotations

from dataclasses import dataclass

from .model import Op


@dataclass(frozen=True, slots=True)
class Mention:
    """A term as one place of the text means it; `others` are terms named with it of which any one suffices.

    `implied` marks where a product stands for the operation that makes it.
    """

    kind: str
    value: str
    op: Op
    hard: bool
    start: int
    end: int
    confidence: float = 0.9
    implied: bool = False
    others: tuple[str, ...] = ()
