"""What one measurement gave, and whether that is what was promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Measured:
    """One kind of call at one number of connections; times in milliseconds.

    `cpu` is processor time of web and PostgreSQL for one call, which a busy neighbour changes least; 0 where not known.
    """

    name: str
    connections: int
    seconds: float
    calls: int
    errors: int
    p50: float
    p95: float
    p99: float
    cpu: float = 0.0

    @property
    def per_second(self) -> float:
        return self.calls / self.seconds if self.seconds else 0.0

    def row(self) -> list[str]:
        """The cells of its line in a table."""
        rate = f"{self.per_second:.0f}" if self.per_second >= 100 else f"{self.per_second:.1f}"
        times = [f"{one:.1f}" if one < 100 else f"{one:.0f}" for one in (self.p50, self.p95, self.p99)]
        cpu = f"{self.cpu:.1f}" if self.cpu else "–"
        return [self.name, str(self.connections), rate, *times, cpu, str(self.errors), str(self.calls)]

    def record(self) -> dict[str, Any]:
        return {**asdict(self), "per_second": round(self.per_second, 2)}


HEAD = ["what", "connections", "calls/s", "p50 ms", "p95 ms", "p99 ms", "CPU ms", "errors", "calls"]


@dataclass(frozen=True, slots=True)
class Promise:
    """A figure somebody may rely on, and what came out: at least or at most `bound`."""

    words: str
    bound: float
    got: float
    at_least: bool = False

    @property
    def kept(self) -> bool:
        return self.got >= self.bound if self.at_least else self.got <= self.bound

    def row(self) -> list[str]:
        sign = "≥" if self.at_least else "≤"
        return [self.words, f"{sign} {self.bound:g}", f"{self.got:.1f}", "kept" if self.kept else "MISSED"]


def of_times(name: str, connections: int, seconds: float, times: Sequence[float], errors: int) -> Measured:
    """From seconds each call took; `errors` are among them."""
    ordered = sorted(times)
    p50, p95, p99 = (1000 * quantile(ordered, share) for share in (0.5, 0.95, 0.99))
    return Measured(name, connections, seconds, len(ordered), errors, p50, p95, p99)


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which `share` (0..1) of the ordered values lie; 0 of none."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; all columns but the first are figures."""
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
