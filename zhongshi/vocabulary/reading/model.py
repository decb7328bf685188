"""What the reader produces: conditions of a need, facts of a capability, questions.

Shapes follow the exchange format ``zhongshi-exchange/1``; `to_exchange` gives exactly its keys. Plain values
only: this package never imports Django, so the same reader serves the web, the workers and ``evaluate``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Op = Literal["require", "exclude", "not_required", "covers", "overlaps"]
Span = tuple[int, int]

NUMERIC_KINDS = frozenset({"parameter", "budget", "duration"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition of a need.

    Either `value` (a code or name; for regions a tuple of codes of which any one suffices) or a quantity with
    `min`/`max` in `unit`; a bound of None is open. `span` counts characters of the text that was read
    (``title + "\\n" + text``); `confidence` is 0..1. A window uses `window` (earliest_start, latest_start, weeks).
    """

    kind: str
    op: Op = "require"
    hard: bool = False
    value: str | tuple[str, ...] | None = None
    quantity: str | None = None
    min: float | None = None
    max: float | None = None
    unit: str | None = None
    window: dict[str, Any] | None = None
    text: str = ""
    span: Span | None = None
    confidence: float = 1.0

    def to_exchange(self) -> dict[str, Any]:
        """Return the condition with the keys of the exchange format, plus `span` and `confidence` where known."""
        record: dict[str, Any] = {"kind": self.kind}
        if self.window is not None:
            record |= self.window
        elif self.quantity is not None:
            record |= {"quantity": self.quantity, "min": self.min, "max": self.max, "unit": self.unit}
        else:
            record["value"] = list(self.value) if isinstance(self.value, tuple) else self.value
        record |= {"op": self.op, "hard": self.hard, "text": self.text}
        if self.span is not None:
            record |= {"span": list(self.span), "confidence": round(self.confidence, 2)}
        return record


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact of a capability: a value (`kind` process, material, qualification …) or a quantity with a range.

    `negated` marks what the text says is *not* there (不具备…). `source` is "declared" or "read"; a read fact
    has the `span` of its words in the text it came from, and the `field` (name, summary, parameters.0) that held it.
    "answered": the operator said so on the ISO day `date`; no text holds it.
    """

    kind: str
    value: str | None = None
    quantity: str | None = None
    min: float | None = None
    max: float | None = None
    unit: str | None = None
    count: int | None = None
    text: str = ""
    span: Span | None = None
    confidence: float = 1.0
    negated: bool = False
    field: str = ""
    source: Literal["declared", "read", "answered"] = "read"
    date: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What is missing in a need and would change the result: a stable `code` and the condition kind it asks for."""

    code: str
    kind: str
    quantity: str | None = None


@dataclass(frozen=True, slots=True)
class NeedReading:
    """Everything read from a need's title and text, in order of appearance, plus words nothing knew."""

    conditions: tuple[Condition, ...]
    questions: tuple[Question, ...] = ()
    unread: tuple[str, ...] = field(default=())
