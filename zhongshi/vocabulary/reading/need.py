"""Reading a need: title and text to conditions."""

from __future__ import annotations

from datetime import date

from .amounts import read_amounts
from .clauses import Clauses
from .dates import start_dates
from .lexicon import Lexicon
from .modality import is_hard
from .model import Condition, NeedReading, Op
from .normalise import NormalText, normalise
from .places import Place, places
from .products import unknown_words
from .quantities import Quantity
from .questions import questions_about
from .terms import Mention, mentions

_HARD_AMOUNTS = frozenset({"volume", "temperature", "wafer_size", "power", "node"})
_OVERLAPPING = frozenset({"count", "other", "budget", "price_per_week", "duration"})
_MOST_MATERIALS = 2
_KIND_OF_AMOUNT = {"budget": "budget", "price_per_week": "budget", "duration": "duration"}


def read_need(title: str, text: str, lexicon: Lexicon, *, today: date) -> NeedReading:
    """Read the conditions a need puts to a platform, in order of appearance.

    Spans count characters of ``title + "\\n" + text``, and each condition's `text` is what stands there. Background
    numbers (what the asker has, spent, or plans later) are skipped. `today` resolves 明年 and drops dates gone by.
    Any text may be given; the time is linear in its length.
    """
    normal = normalise(f"{title}\n{text}")
    body = _body_start(normal, len(title) + 1)
    clauses = Clauses(normal)
    found = lexicon.find(normal)
    moments = start_dates(clauses, today)
    taken = [(moment.start, moment.end) for moment in moments]
    amounts = read_amounts(clauses, body=body, taken=taken)
    named = _materials(mentions(clauses, found, lexicon, body=body), body)
    unknown = unknown_words(normal, max(body - 1, 0), found, taken + [(item.start, item.end) for item in amounts])
    if unknown and not any(item.kind == "material" for item in named):
        named.append(Mention("material", normal.written(*unknown[0]), "require", False, *unknown[0], 0.5))
    drafts = [
        *(_of_mention(normal, item) for item in named),
        *(_of_amount(clauses, item) for item in amounts),
        *(_of_place(normal, item) for item in places(clauses, found, lexicon, body=body)),
        *(
            _condition(normal, "start_by", at.start, at.end, value=at.value, hard=_urgent(clauses, at.start))
            for at in moments[:2]
        ),
    ]
    conditions = tuple(sorted(drafts, key=lambda item: (item.span or (0, 0), item.kind)))
    return NeedReading(conditions, questions_about(conditions), tuple(normal.written(*span) for span in unknown))


def _body_start(normal: NormalText, written: int) -> int:
    """Where the text begins in the normal form, given where it begins as written."""
    if not normal.origin:
        return written
    return next((at for at, origin in enumerate(normal.origin) if origin >= written), len(normal.plain))


def _urgent(clauses: Clauses, position: int) -> bool:
    return is_hard(clauses, position, default="现在就" in clauses.at(position).lower)


def _materials(named: list[Mention], body: int) -> list[Mention]:
    """Of many products named the first of the text, then those of the title, are the need's own."""
    products = [item for item in named if item.kind == "material"]
    products.sort(key=lambda item: (item.start < body, item.start))
    kept = set(map(id, products[:_MOST_MATERIALS]))
    return [item for item in named if item.kind != "material" or id(item) in kept]


def _condition(
    normal: NormalText,
    kind: str,
    start: int,
    end: int,
    *,
    value: str | tuple[str, ...],
    hard: bool = False,
    op: Op = "require",
    confidence: float = 0.9,
) -> Condition:
    return Condition(
        kind=kind,
        op=op,
        hard=hard,
        value=value,
        text=normal.written(start, end),
        span=normal.span(start, end),
        confidence=confidence,
    )


def _of_mention(normal: NormalText, item: Mention) -> Condition:
    return _condition(
        normal,
        item.kind,
        item.start,
        item.end,
        value=item.value,
        hard=item.hard,
        op=item.op,
        confidence=item.confidence,
    )


def _of_place(normal: NormalText, place: Place) -> Condition:
    op: Op = "not_required" if place.op == "not_required" else "require"
    return _condition(normal, "region", place.start, place.end, value=place.codes, hard=place.hard, op=op)


def _of_amount(clauses: Clauses, item: Quantity) -> Condition:
    open_ended = item.low is None or item.high is None
    op: Op = "overlaps" if open_ended or item.name in _OVERLAPPING else "covers"
    normal = clauses.text
    return Condition(
        kind=_KIND_OF_AMOUNT.get(item.name, "parameter"),
        op=op,
        hard=is_hard(clauses, item.start, item.name in _HARD_AMOUNTS),
        quantity=item.name,
        min=item.low,
        max=item.high,
        unit=item.unit,
        text=normal.written(item.start, item.end),
        span=normal.span(item.start, item.end),
        confidence=0.85,
    )
