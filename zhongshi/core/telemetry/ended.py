"""Counts of processes that ended, added up in one file for each kind of figure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prometheus_client import mmap_dict

_File: Any = mmap_dict.MmapedDict

# Counters and histograms go on for ever; a gauge is of a living process and ends with it.
_KINDS = ("counter", "histogram")
_ENDED = "ended"


def keep(folder: Path, pid: int) -> None:
    """Add the counts of process `pid` to those of the ended, and take its files away. Called by one process only."""
    for kind in _KINDS:
        file = folder / f"{kind}_{pid}.db"
        if file.exists():
            _add(file, folder / f"{kind}_{_ENDED}.db")
    for file in folder.glob(f"*_{pid}.db"):
        file.unlink()


def _add(source: Path, target: Path) -> None:
    total = _File(str(target))
    try:
        for key, value, timestamp, _ in _File.read_all_values_from_file(str(source)):
            before, _ = total.read_value(key)
            total.write_value(key, before + value, timestamp)
    finally:
        total.close()
