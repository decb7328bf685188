"""Exchange files: lines in, lines out. A broken line is reported with its number; the others are used."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file: a record, or what is wrong with it."""

    number: int
    record: dict[str, Any] | None = None
    problem: str = ""


def read_lines(path: Path) -> Iterator[Line]:
    """Yield the lines of a JSON Lines file, gzipped or not; empty lines are passed over."""
    with open_text(path) as file:
        for number, text in enumerate(file, start=1):
            if text.strip():
                yield _line(number, text)


def open_text(path: Path) -> IO[str]:
    """Open a text file, through gzip where the name ends in .gz. Undecodable bytes become U+FFFD, not an end."""
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", errors="replace")
    return path.open(encoding="utf-8-sig", errors="replace")


def _line(number: int, text: str) -> Line:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Line(number, problem=f"not JSON: {error}")
    if not isinstance(record, dict):
        return Line(number, problem="not a JSON object")
    return Line(number, record)


def is_platform(record: dict[str, Any]) -> bool:
    """Tell a platform from a need by what only the one has."""
    return "capabilities" in record
