"""One row of a sheet: its cells read by their columns, then put together to a capability's record."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from zhongshi.vocabulary.enums import TermKind
from zhongshi.vocabulary.reading import Lexicon, read_text

from .causes import BLANKS, CUT, SWAP, Cause, said
from .cells import (
    Bad,
    check_cell,
    is_blank_word,
    read_day,
    read_levels,
    read_number,
    read_quantity,
    read_unit,
    read_yes,
)
from .columns import COLUMNS, NEEDED, Kind

HEAD = ("platform", "platform_id", "operator", "region", "city", "chains")
LISTS = {
    "stages": TermKind.STAGE,
    "services": TermKind.SERVICE,
    "processes": TermKind.PROCESS,
    "materials": TermKind.MATERIAL,
    "qualifications": TermKind.QUALIFICATION,
}
_SEPARATOR = re.compile(r"[、,，;；|\n]+")
_PRICE = re.compile(r"^([\d,]+(?:\.\d+)?)\s*(.*)$", re.DOTALL)
_MOST_MONEY = 1e12
# Words of a description may well be "无"; a name is what it is.
_FREE = {"platform", "capability", "summary", "operator"}


@dataclass(slots=True)
class Line:
    """One row with its number in the sheet: its cells by field, what they say, what is wrong with them."""

    number: int
    cells: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    bad: list[tuple[str, Bad]] = field(default_factory=list)


def read_line(number: int, cells: dict[str, str], fixes: Collection[str], lexicon: Lexicon) -> Line:
    """Read every cell; a row is good when `bad` stays empty."""
    line = Line(number, _mended(cells, fixes))
    for name, text in line.cells.items():
        try:
            check_cell(text, COLUMNS[name].most, may_say_nothing=name not in _FREE)
            line.values[name] = _read(name, text, fixes, lexicon)
        except Bad as bad:
            line.bad.append((name, bad))
    line.bad += [(name, Bad(Cause.MISSING, _("Is missing."))) for name in NEEDED if not line.cells.get(name)]
    _read_parameter(line, fixes)
    _read_days(line, fixes)
    return line


def _mended(cells: dict[str, str], fixes: Collection[str]) -> dict[str, str]:
    """Cells as the fixes leave them: words replaced, strokes taken out, long ones cut."""
    replaced = {(found[0], found[1]): found[2] for fix in fixes if (found := said(fix))}
    mended = {name: replaced.get((name, text), text) for name, text in cells.items()} if replaced else dict(cells)
    if BLANKS in fixes:
        mended = {name: text for name, text in mended.items() if name in _FREE or not is_blank_word(text)}
    if CUT in fixes:
        mended = {name: text[: COLUMNS[name].most] for name, text in mended.items()}
    return mended


def _read(name: str, text: str, fixes: Collection[str], lexicon: Lexicon) -> Any:
    kind = COLUMNS[name].kind
    if kind == Kind.WORDS:
        return _words(text, LISTS.get(name, TermKind.CHAIN), lexicon)
    if kind == Kind.NUMBER:
        return read_number(text, fixes)
    if kind == Kind.DATE:
        return read_day(text, fixes)
    if kind == Kind.YES:
        return read_yes(text)
    if kind == Kind.LEVELS:
        return read_levels(text)
    if kind == Kind.QUANTITY:
        return read_quantity(text)
    if kind == Kind.AMOUNTS:
        return _amounts(text, lexicon)
    if kind == Kind.PRICE:
        return _price(text)
    if kind == Kind.DEVICES:
        return [{"name": word[:200]} for word in _split(text)]
    return text


def _split(text: str) -> list[str]:
    return list(dict.fromkeys(word.strip() for word in _SEPARATOR.split(text) if word.strip()))


def _words(text: str, kind: str, lexicon: Lexicon) -> list[str]:
    """Several words, each as the vocabulary writes it; unknown ones stay as they are."""
    return list(dict.fromkeys(lexicon.canonical(kind, word) or word for word in _split(text)))


def _amounts(text: str, lexicon: Lexicon) -> list[dict[str, Any]]:
    """Quantities the reader finds in the cell."""
    return [
        {
            "quantity": fact.quantity,
            "min": fact.min,
            "max": fact.max,
            "unit": fact.unit,
            "count": fact.count,
            "text": fact.text,
        }
        for fact in read_text(text, lexicon)
        if fact.kind == "parameter" and fact.quantity and not fact.negated
    ]


def _price(text: str) -> dict[str, Any] | None:
    """An amount with its unit; None for words without an amount (面议)."""
    match = _PRICE.match(text)
    if match is None:
        return None
    amount = float(match[1].replace(",", ""))
    if amount > _MOST_MONEY:
        raise Bad(Cause.NUMBER, _('"%(text)s" is too large a number.') % {"text": text[:40]})
    return {"amount": amount, "unit": match[2].strip() or "元"}


def _read_parameter(line: Line, fixes: Collection[str]) -> None:
    """The parameter with columns of its own: its unit must fit it, its bounds must be in order."""
    quantity, low, high = (line.values.get(name) for name in ("quantity", "low", "high"))
    if not quantity:
        stray = next((name for name in ("low", "high") if name in line.values), "")
        if stray and not any(name == "quantity" for name, _bad in line.bad):
            line.bad.append(("quantity", Bad(Cause.MISSING, _("Is missing."))))
        return
    try:
        if "unit" not in dict(line.bad):
            line.values["unit"] = read_unit(quantity, line.cells.get("unit", ""))
    except Bad as bad:
        line.bad.append(("unit", bad))
    if low is not None and high is not None and low > high:
        if SWAP in fixes:
            line.values["low"], line.values["high"] = high, low
        else:
            problem = _("The upper bound lies below the lower one.")
            line.bad.append(("high", Bad(Cause.BOUNDS, problem, SWAP)))


def _read_days(line: Line, fixes: Collection[str]) -> None:
    first, last = line.values.get("free_from"), line.values.get("free_until")
    if first and last and first > last:
        if SWAP in fixes:
            line.values["free_from"], line.values["free_until"] = last, first
        else:
            line.bad.append(("free_until", Bad(Cause.BOUNDS, _("Lies before the first day."), SWAP)))


def capability_of(line: Line) -> dict[str, Any]:
    """The capability's record without its id. The words themselves stay readable, whatever was understood of them."""
    values, cells = line.values, line.cells
    record: dict[str, Any] = {
        "name": values["capability"],
        "summary": values.get("summary", ""),
        **{name: values.get(name) or [] for name in LISTS},
        "parameters": [*_own_parameter(line), *(values.get("parameters") or [])],
        "price": values.get("price"),
    }
    further = ("trl", "small_batch", "equipment")
    record |= {name: values[name] for name in further if values.get(name) is not None}
    if values.get("free_from") and values.get("free_until"):
        record["availability"] = [{"from": values["free_from"], "to": values["free_until"]}]
    return record | {f"{name}_text": cells[name] for name in ("parameters", "price") if cells.get(name)}


def _own_parameter(line: Line) -> list[dict[str, Any]]:
    values = line.values
    if not values.get("quantity") or ("low" not in values and "high" not in values):
        return []
    low, high = values.get("low"), values.get("high")
    words = " – ".join(line.cells[name] for name in ("low", "high") if name in values)
    return [
        {
            "quantity": values["quantity"],
            "min": low,
            "max": high,
            "unit": values.get("unit", ""),
            "count": None,
            "text": f"{line.cells['quantity']} {words} {line.cells.get('unit', '')}".strip(),
        }
    ]
