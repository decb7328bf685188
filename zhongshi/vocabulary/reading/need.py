"""Reading a need: title and text to conditions."""

from __future__ import annotations

import re
from datetime import date

from .amounts import read_amounts
from .clauses import Clauses
from .dates import calendar_days, start_dates
from .lexicon import Lexicon
from .mention import Mention
from .modality import is_hard
from .model import Condition, NeedReading, Op
from .normalise import NormalText, normalise
from .places import Place, places
from .products import unknown_words
from .quantities import Quantity
from .questions import questions_about
from .terms import mentions

_HARD_AMOUNTS = frozenset({"volume", "temperature", "wafer_size", "power", "node"})
_OVERLAPPING = frozenset({"count", "other", "budget", "price_per_week", "duration"})
# A range of scale is a target somewhere in it, unless the words ask for all of it; a range of temperature is all meant.
_SCALES = frozenset({"volume", "mass_per_batch", "throughput_mass", "throughput_annual", "wafer_size"})
_ALL_OF_IT = re.compile(
    r"覆盖|涵盖|兼顾|兼容|均[能可须要]|都[能要可得]|可调|逐级|逐步|(?:先|从).{1,14}(?:再|后|到|至)|全(?:量程|范围)|不同(?:规模|批量)"
    r"|cover|range from|(?<![a-z])from .{1,14} to |throughout|the (?:whole|full) range|both"
)
_REACHED = re.compile(r"室温|常温|最[高大]|可达|高达|上限|up to|max")
_RATINGS = frozenset({"pressure", "temperature"})
_VACUUM = re.compile(r"真空|负压|残压|vacuum")
_BESIDE = 2
_MADE = re.compile(r"(?:产|制备?|制成|制取|得到|做成|加工成|转化为|(?<![a-z])(?:into|to make|to produce|producing)) ?$")
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
    taken = [(moment.start, moment.end) for moment in moments] + calendar_days(clauses)
    amounts = read_amounts(clauses, body=body, taken=taken)
    named = _materials(clauses, mentions(clauses, found, lexicon, body=body), body)
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


def _materials(clauses: Clauses, named: list[Mention], body: int) -> list[Mention]:
    """Of many products named the first of the text, else of the title, is the need's own.

    So are a second one right beside it, and what is made of it (秸秆 … 产乙醇).
    """
    products = [item for item in named if item.kind == "material"]
    products.sort(key=lambda item: (item.start < body, item.start))
    kept = products[:1] + [
        item
        for item in products[1:2]
        if 0 <= item.start - products[0].end <= _BESIDE or _MADE.search(clauses.before(item.start, 8))
    ]
    return [item for item in named if item.kind != "material" or item in kept]


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
        value=(item.value, *item.others) if item.others else item.value,
        hard=item.hard,
        op=item.op,
        confidence=item.confidence,
    )


def _of_place(normal: NormalText, place: Place) -> Condition:
    op: Op = "not_required" if place.op == "not_required" else "require"
    return _condition(normal, "region", place.start, place.end, value=place.codes, hard=place.hard, op=op)


def _of_amount(clauses: Clauses, item: Quantity) -> Condition:
    normal = clauses.text
    return Condition(
        kind=_KIND_OF_AMOUNT.get(item.name, "parameter"),
        op="covers" if item.name not in _OVERLAPPING and _is_all_meant(clauses, item) else "overlaps",
        hard=is_hard(clauses, item.start, item.name in _HARD_AMOUNTS),
        quantity=item.name,
        min=item.low,
        max=item.high,
        unit=item.unit,
        text=normal.written(item.start, item.end),
        span=normal.span(item.start, item.end),
        confidence=0.85,
    )


def _is_all_meant(clauses: Clauses, item: Quantity) -> bool:
    """Whether the platform must be able to do all of a range, not just some of it."""
    if item.is_choice:
        return False
    if item.low is not None and item.high is not None:
        if item.low == item.high or item.name not in _SCALES:
            return True
        return bool(_ALL_OF_IT.search(clauses.at(item.start).lower))
    if item.low is not None or item.name not in _RATINGS:
        return False
    clause = clauses.at(item.start)
    if item.name == "pressure":
        return not _VACUUM.search(clause.lower)
    return bool(_REACHED.search(clauses.text.lower[max(clause.start, item.start - 8) : item.end]))
