"""Median milliseconds a need over the number of listings, both on log scales, as an SVG written by hand."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from .figures import Figures

WIDTH, HEIGHT = 760, 460
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 150, 46, 56
_LABEL_GAP = 16
# Okabe and Ito's colours: told apart by people who see red and green alike; dashes and marks tell them apart in grey.
_STYLES = {
    "ours": ("#0072B2", "", "circle"),
    "ours, explained": ("#56B4E9", "7 3", "circle"),
    "bm25s": ("#D55E00", "", "square"),
    "tantivy": ("#009E73", "2 3", "square"),
    "PostgreSQL full text": ("#CC79A7", "10 4 2 4", "diamond"),
}
_OTHER = ("#000000", "", "circle")


@dataclass(frozen=True, slots=True)
class Axis:
    """A log scale over whole decades between two ends in pixels."""

    least: int
    most: int
    begin: float
    end: float

    @classmethod
    def over(cls, values: Sequence[float], begin: float, end: float) -> Axis:
        """From the power of ten below the smallest to the one above the largest value."""
        least = math.floor(math.log10(min(values)) + 1e-9)
        most = max(least + 1, math.ceil(math.log10(max(values)) - 1e-9))
        return cls(least, most, begin, end)

    def at(self, value: float) -> float:
        share = (math.log10(value) - self.least) / (self.most - self.least)
        return round(self.begin + share * (self.end - self.begin), 1)

    def ticks(self) -> list[float]:
        return [10.0**power for power in range(self.least, self.most + 1)]


def draw(forward: Mapping[int, Sequence[Figures]]) -> str:
    """The picture. Raises ValueError where nothing was measured."""
    lines = series(forward)
    if not lines:
        raise ValueError("nothing was measured")
    across = Axis.over(list(forward), _LEFT, WIDTH - _RIGHT)
    times = [time for points in lines.values() for _, time in points]
    upward = Axis.over(times, HEIGHT - _BOTTOM, _TOP)
    parts = [_frame(), *_grid(across, upward)]
    for name, points in lines.items():
        parts += _line(name, [(across.at(size), upward.at(time)) for size, time in points])
    parts += _labels({name: (across.at(points[-1][0]), upward.at(points[-1][1])) for name, points in lines.items()})
    return "\n".join([*parts, "</svg>"]) + "\n"


def series(forward: Mapping[int, Sequence[Figures]]) -> dict[str, list[tuple[int, float]]]:
    """For each contestant its (listings, median ms), by size."""
    lines: dict[str, list[tuple[int, float]]] = {}
    for size in sorted(forward):
        for one in forward[size]:
            lines.setdefault(one.name, []).append((size, one.median_ms))
    return lines


def _frame() -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'font-family="sans-serif" font-size="13" role="img" aria-labelledby="title">\n'
        '<title id="title">Median milliseconds a need by number of listings, log scales</title>\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>\n'
        f'<text x="{_LEFT}" y="24" font-size="15" font-weight="bold">Median time a need (ms, lower is faster)</text>'
    )


def _grid(across: Axis, upward: Axis) -> Iterator[str]:
    for tick in across.ticks():
        x = across.at(tick)
        yield f'<line x1="{x}" y1="{upward.begin}" x2="{x}" y2="{upward.end}" stroke="#dddddd"/>'
        yield f'<text x="{x}" y="{upward.begin + 20}" text-anchor="middle">{tick:,.0f}</text>'
    for tick in upward.ticks():
        y = upward.at(tick)
        yield f'<line x1="{across.begin}" y1="{y}" x2="{across.end}" y2="{y}" stroke="#dddddd"/>'
        yield f'<text x="{across.begin - 8}" y="{y + 4}" text-anchor="end">{tick:,g}</text>'
    middle = (across.begin + across.end) / 2
    yield f'<text x="{middle}" y="{upward.begin + 44}" text-anchor="middle">listings</text>'


def _line(name: str, points: Sequence[tuple[float, float]]) -> Iterator[str]:
    colour, dashes, mark = _STYLES.get(name, _OTHER)
    path = " ".join(f"{x},{y}" for x, y in points)
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5"{dashed}/>'
    for x, y in points:
        yield _mark(mark, x, y, colour)


def _mark(mark: str, x: float, y: float, colour: str) -> str:
    if mark == "circle":
        return f'<circle cx="{x}" cy="{y}" r="4.5" fill="{colour}"/>'
    turn = f' transform="rotate(45 {x} {y})"' if mark == "diamond" else ""
    return f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" fill="{colour}"{turn}/>'


def _labels(ends: Mapping[str, tuple[float, float]]) -> Iterator[str]:
    """The name beside the end of each line, above it where the line stops early; moved down where two would overlap."""
    last = max(x for x, _ in ends.values())
    taken: list[tuple[float, float]] = []
    for name, (x, end) in sorted(ends.items(), key=lambda named: named[1][1]):
        beside = x == last
        wanted = end + 4 if beside else end - 10
        y = round(max([wanted, *(other + _LABEL_GAP for column, other in taken if column == x)]), 1)
        taken.append((x, y))
        at, anchor = (x + 10, "start") if beside else (x, "end")
        yield f'<text x="{at:.1f}" y="{y}" text-anchor="{anchor}" fill="#222222">{escape(name)}</text>'
