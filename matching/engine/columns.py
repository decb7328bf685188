"""A demand against every row of an index at once: 1 pass, 0 unknown, -1 fail. Agrees with `verdicts`, row by row."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from .demands import Demand, Fixed, Membership, Place, Span, Time
from .index import Index, Token
from .knowledge import Atom
from .model import Verdict, Window
from .regions import place_verdict
from .tables import Ranges, Rows
from .verdicts import SOON_DAYS, limits
from .words import contains

Column = NDArray[np.int8]
PASS, UNKNOWN, FAIL = 1, 0, -1
CODES = {Verdict.PASS: PASS, Verdict.UNKNOWN: UNKNOWN, Verdict.FAIL: FAIL}
VERDICTS = {code: verdict for verdict, code in CODES.items()}


def column(index: Index, demand: Demand) -> Column:
    """Return the verdict of every row, dead rows included (their value means nothing)."""
    verdicts: Column = np.zeros(len(index.records), dtype=np.int8)
    match demand:
        case Fixed():
            verdicts[:] = CODES[demand.verdict]
        case Membership() if demand.excluding:
            _exclusion(index, demand, verdicts)
        case Membership():
            _membership(index, demand, verdicts)
        case Span():
            _span(index, demand, verdicts)
        case Place():
            verdicts = _place(index, demand)
        case Time():
            _time(index, demand.window, verdicts)
    return verdicts


def _mark(verdicts: Column, postings: Iterable[Rows], code: int) -> None:
    for rows in postings:
        verdicts[rows] = code


def held(index: Index, demand: Membership, how: str) -> Iterable[Rows]:
    """Rows that hold what is wanted, by `how` (own or platform); a row may come twice."""
    if how == "platform" and not demand.shared:
        return
    for kind, value in demand.wanted:
        yield index.tokens.rows((how, kind, value))
    for token in _containing(index, demand, how):
        yield index.tokens.rows(token)


def _containing(index: Index, demand: Membership, how: str) -> Iterable[Token]:
    if not demand.contains:
        return ()
    return [
        token
        for token in index.tokens.keys()  # noqa: SIM118 — postings are no mapping
        if token[0] == how and token[1] == demand.kind and any(contains(token[2], name) for name in demand.contains)
    ]


def _tokens(index: Index, how: str, atoms: Iterable[Atom]) -> Iterable[Rows]:
    return (index.tokens.rows((how, kind, value)) for kind, value in atoms)


def _membership(index: Index, demand: Membership, verdicts: Column) -> None:
    if demand.kin is not None:
        bits = index.cells(demand.kin_kind)
        kin = np.uint64((index.families if demand.kin_kind == "family" else index.chains).mask(demand.kin))
        verdicts[(bits != 0) & (bits & kin == 0)] = FAIL
    _mark(verdicts, held(index, demand, "platform"), PASS)
    _mark(verdicts, _tokens(index, "not", demand.denied), FAIL)
    _mark(verdicts, held(index, demand, "own"), PASS)


def _exclusion(index: Index, demand: Membership, verdicts: Column) -> None:
    verdicts[:] = CODES[demand.absent]
    _mark(verdicts, _tokens(index, "not", demand.denied), PASS)
    _mark(verdicts, held(index, demand, "platform"), FAIL)
    _mark(verdicts, held(index, demand, "own"), FAIL)
    _mark(verdicts, _tokens(index, "platform", demand.excuses), PASS)
    _mark(verdicts, _tokens(index, "own", demand.excuses), PASS)


def _span(index: Index, demand: Span, verdicts: Column) -> None:
    table = index.ranges.get((demand.quantity, demand.dimension))
    if table is None or not len(table.rows):
        return
    first, second = limits(demand)
    fits = np.logical_or.reduceat((table.low <= first) & (second <= table.high), table.starts)
    together = np.minimum.reduceat(table.low, table.starts) <= first
    together &= np.maximum.reduceat(table.high, table.starts) >= second
    otherwise = FAIL if demand.contradicts else UNKNOWN
    verdicts[table.rows[table.starts]] = np.where(fits, PASS, np.where(together, UNKNOWN, otherwise))


def _place(index: Index, demand: Place) -> Column:
    turn = -1 if demand.excluding else 1
    codes = [turn * CODES[place_verdict(path, demand.paths)] for path in index.paths]
    verdicts: Column = np.array(codes, dtype=np.int8)[index.cells("region")]
    return verdicts


def _time(index: Index, window: Window, verdicts: Column) -> None:
    known = index.cells("has_calendar")
    verdicts[known & (index.cells("horizon") >= window.earliest)] = FAIL
    if window.latest - window.earliest <= SOON_DAYS:
        verdicts[~known & (index.cells("operating") == -1)] = FAIL
    verdicts[_rows_with_run(index.periods, window)] = PASS


def _rows_with_run(periods: Ranges, window: Window) -> Rows:
    begin = np.maximum(periods.low, window.earliest)
    latest = np.minimum(periods.high - window.days + 1, window.latest)
    rows: Rows = periods.rows[begin <= latest]
    return rows
