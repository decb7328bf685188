"""A demand against many rows of an index at once: 1 pass, 0 unknown, -1 fail. Agrees with `verdicts`, row by row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .demands import Demand, Fixed, Membership, Place, Span, Time
from .index import Index, Token, Words
from .knowledge import Atom
from .model import Verdict, Window
from .regions import place_verdict
from .tables import Held, Mask, Ranges, Rows
from .verdicts import SOON_DAYS, limits
from .words import contains

Column = NDArray[np.int8]
PASS, UNKNOWN, FAIL = 1, 0, -1
CODES = {Verdict.PASS: PASS, Verdict.UNKNOWN: UNKNOWN, Verdict.FAIL: FAIL}
VERDICTS = {code: verdict for verdict, code in CODES.items()}


class View:
    """Some rows of an index, or (rows None) all of them, dead ones included. Arrays it gives stand in their order."""

    def __init__(self, index: Index, rows: Rows | None = None) -> None:
        self.index = index
        self.rows = rows
        self._cells: dict[str, NDArray[Any]] = {}
        self.size = len(index.records) if rows is None else len(rows)

    def cells(self, name: str) -> NDArray[Any]:
        """One cell of each row."""
        if self.rows is None:
            return self.index.cells(name)
        if name not in self._cells:
            self._cells.update(self.index.cells_of(self.rows, name))
        return self._cells[name]

    def having(self, token: Token) -> Rows | Mask:
        """Where the token is held, as something to index an array of this view with."""
        if self.rows is None:
            return self.index.tokens.rows(token)
        return self.index.tokens.marks(token, len(self.index.records)).take(self.rows)

    def shared(self, words: Words) -> NDArray[np.float64]:
        """How much of what the words tell each row has."""
        found = self.index.shared(words)
        return found if self.rows is None else found.take(self.rows)

    def ranges(self, table: Ranges) -> Held:
        """The ranges these rows hold in one table."""
        size = len(self.index.records)
        return table.all(size) if self.rows is None else table.of(self.rows, size)

    def only(self, kept: Mask) -> View:
        """The rows where `kept` is true."""
        return View(self.index, np.flatnonzero(kept) if self.rows is None else self.rows[kept])


def column(view: View, demand: Demand) -> Column:
    """Return the verdict of every row of the view (that of a dead row means nothing)."""
    if isinstance(demand, Membership | Place):
        whole = view.index.remembered(demand, lambda: _worked_out(View(view.index), demand))
        return whole if view.rows is None else whole.take(view.rows)
    return _worked_out(view, demand)


def _worked_out(view: View, demand: Demand) -> Column:
    verdicts: Column = np.zeros(view.size, dtype=np.int8)
    match demand:
        case Fixed():
            verdicts[:] = CODES[demand.verdict]
        case Membership() if demand.excluding:
            _exclusion(view, demand, verdicts)
        case Membership():
            _membership(view, demand, verdicts)
        case Span():
            _span(view, demand, verdicts)
        case Place():
            verdicts = _place(view, demand)
        case Time():
            _time(view, demand.window, verdicts)
    return verdicts


def wanted_tokens(index: Index, demand: Membership, how: str) -> Iterable[Token]:
    """Tokens of which one suffices, by `how` (own or platform)."""
    if how == "platform" and not demand.shared:
        return
    for kind, value in demand.wanted:
        yield how, kind, value
    for name in demand.contains:
        yield from _containing(index, how, demand.kind, name)


def _containing(index: Index, how: str, kind: str, name: str) -> tuple[Token, ...]:
    """Tokens whose value has the name inside. Remembered until a value nobody had appears, or the last one goes."""
    known = index.containing.get((how, kind, name))
    if known is None or known[0] != index.tokens.generation:
        found = tuple(
            token
            for token in index.tokens.keys()  # noqa: SIM118 — postings are no mapping
            if token[0] == how and token[1] == kind and contains(token[2], name)
        )
        known = index.containing[how, kind, name] = (index.tokens.generation, found)
    return known[1]


def _mark(view: View, verdicts: Column, tokens: Iterable[Token], code: int) -> None:
    for token in tokens:
        verdicts[view.having(token)] = code


def _tokens(how: str, atoms: Iterable[Atom]) -> Iterable[Token]:
    return ((how, kind, value) for kind, value in atoms)


def _membership(view: View, demand: Membership, verdicts: Column) -> None:
    index = view.index
    if demand.kin is not None:
        bits = view.cells(demand.kin_kind)
        kin = np.uint64((index.families if demand.kin_kind == "family" else index.chains).mask(demand.kin))
        verdicts[(bits != 0) & (bits & kin == 0)] = FAIL
    _mark(view, verdicts, wanted_tokens(index, demand, "platform"), PASS)
    _mark(view, verdicts, _tokens("not", demand.denied), FAIL)
    _mark(view, verdicts, wanted_tokens(index, demand, "own"), PASS)


def _exclusion(view: View, demand: Membership, verdicts: Column) -> None:
    verdicts[:] = CODES[demand.absent]
    _mark(view, verdicts, _tokens("not", demand.denied), PASS)
    _mark(view, verdicts, wanted_tokens(view.index, demand, "platform"), FAIL)
    _mark(view, verdicts, wanted_tokens(view.index, demand, "own"), FAIL)
    _mark(view, verdicts, _tokens("platform", demand.excuses), PASS)
    _mark(view, verdicts, _tokens("own", demand.excuses), PASS)


def _span(view: View, demand: Span, verdicts: Column) -> None:
    table = view.index.ranges.get((demand.quantity, demand.dimension))
    if table is None:
        return
    held = view.ranges(table)
    first, second = limits(demand)
    fits = held.containing(first, second)
    verdicts[held.known] = FAIL if demand.contradicts else UNKNOWN
    if len(held.slots) > 1:
        low, high = held.together()
        verdicts[(low <= first) & (high >= second)] = UNKNOWN
    verdicts[fits] = PASS


def _place(view: View, demand: Place) -> Column:
    turn = -1 if demand.excluding else 1
    codes = view.index.per_path(demand, lambda path: turn * CODES[place_verdict(path, demand.paths)])
    verdicts: Column = codes.astype(np.int8)[view.cells("region")]
    return verdicts


def _time(view: View, window: Window, verdicts: Column) -> None:
    known = view.cells("has_calendar")
    verdicts[known & (view.cells("horizon") >= window.earliest)] = FAIL
    if window.latest - window.earliest <= SOON_DAYS:
        verdicts[~known & (view.cells("operating") == -1)] = FAIL
    for low, high in view.ranges(view.index.periods).slots:
        begins = np.maximum(low, window.earliest)
        verdicts[begins <= np.minimum(high - (window.days - 1), window.latest)] = PASS
