"""Memory of each process and what is owed over time, as an SVG written by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from .sampling import Samples

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _GAP = 760, 300, 60, 150, 36, 46
# Okabe and Ito's colours.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
Points = Sequence[tuple[float, float]]


def draw(samples: Samples) -> str:
    """Two pictures above each other with the same time axis."""
    memory = {f"{role} {pid}": points for (role, pid), points in samples.memory.items()}
    owed = {"owed rows": samples.owed, "oldest, s": samples.oldest}
    most = max((points[-1][0] for points in memory.values() if points), default=1.0)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {2 * _HEIGHT}" '
        f'font-family="sans-serif" font-size="12"><rect width="{_WIDTH}" height="{2 * _HEIGHT}" fill="#fff"/>',
        *_panel("Memory of each process, MB, over minutes", memory, most, 0),
        *_panel("Owed outbox rows that are due, and the age of the oldest", owed, most, _HEIGHT),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _panel(title: str, lines: Mapping[str, Points], most: float, top: int) -> list[str]:
    high = max((value for points in lines.values() for _, value in points), default=1.0) or 1.0
    floor = top + _HEIGHT - _GAP
    parts = [f'<text x="{_LEFT}" y="{top + 22}" font-weight="bold">{escape(title)}</text>']
    for share in (0.0, 0.5, 1.0):
        y = floor - share * (_HEIGHT - _GAP - _TOP)
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{share * high:.0f}</text>')
        x = _LEFT + share * (_WIDTH - _LEFT - _RIGHT)
        parts.append(f'<text x="{x:.1f}" y="{floor + 18}" text-anchor="middle">{share * most / 60:.0f}</text>')
    for number, (name, points) in enumerate(lines.items()):
        parts += _line(name, points, number, most, high, (top, floor))
    return parts


def _line(name: str, points: Points, number: int, most: float, high: float, band: tuple[int, int]) -> list[str]:
    top, floor = band
    colour = _COLOURS[number % len(_COLOURS)]
    wide, tall = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _GAP - _TOP
    spots = " ".join(f"{_LEFT + at / most * wide:.1f},{floor - value / high * tall:.1f}" for at, value in points)
    y = top + _TOP + 16 * number
    return [
        f'<polyline points="{spots}" fill="none" stroke="{colour}" stroke-width="1.5"/>',
        f'<text x="{_WIDTH - _RIGHT + 10}" y="{y + 4}" fill="{colour}">{escape(name)}</text>',
    ]
