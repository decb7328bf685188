"""`python -m benchmarks --data FOLDER [--sizes 1000 10000] [--needs 200] [--out docs]`: the whole comparison.

Each size has a process of its own, in which all contestants run with one thread each. The report goes to standard
output, and with the plot into the folder `--out`.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .field import NoField, locate, report
from .figures import FORWARD, REVERSE, Figures, ReverseFigures
from .plot import draw
from .table import Run, render

SIZES = (1_000, 10_000, 100_000, 1_000_000)
# With more listings a need takes longer, and fewer of them tell as much.
MOST = {1_000: 1000, 10_000: 1000, 100_000: 500}
MOST_BEYOND = 100
_ONE_THREAD = {
    f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "RAYON", "VECLIB_MAXIMUM")
}


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 1 after one sentence where the data are missing, the child's where it failed."""
    given = _parser().parse_args(arguments)
    try:
        locate(given.data)
    except NoField as error:
        print(error, file=sys.stderr)
        return 1
    try:
        forward = {size: _forward(given, size) for size in given.sizes}
        reverse = _reverse(given)
    except subprocess.CalledProcessError as error:
        print(f"The measurement failed: {shlex.join(error.cmd)} ended with {error.returncode}.", file=sys.stderr)
        return 1
    text = render(Run(forward, reverse, _command(given), os.cpu_count() or 1))
    print(text)
    (given.out / "screens").mkdir(parents=True, exist_ok=True)
    (given.out / "benchmarks.md").write_text(text, encoding="utf-8")
    (given.out / "screens" / "benchmarks.svg").write_text(draw(forward), encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="the synthetic field")
    parser.add_argument("--sizes", type=_positive, nargs="+", default=list(SIZES), help="numbers of listings")
    parser.add_argument("--needs", type=_positive, help="at most so many needs at each size")
    parser.add_argument("--out", type=Path, default=Path("docs"), help="where benchmarks.md and the plot go")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _forward(given: argparse.Namespace, size: int) -> list[Figures]:
    most = given.needs or MOST.get(size, MOST_BEYOND)
    report(f"== {size:,} listings")
    return [Figures(**one) for one in _measured(FORWARD, given.data, size, most)]


def _reverse(given: argparse.Namespace) -> list[ReverseFigures]:
    report("== reverse")
    return [ReverseFigures(**one) for one in _measured(REVERSE, given.data, 0, given.needs or MOST[10_000])]


def _measured(direction: str, folder: Path, size: int, most: int) -> list[Mapping[str, Any]]:
    command = [sys.executable, "-m", "benchmarks.child", direction, str(folder), str(size), str(most)]
    done = subprocess.run(command, env={**os.environ, **_ONE_THREAD}, stdout=subprocess.PIPE, text=True, check=True)
    figures: list[Mapping[str, Any]] = json.loads(done.stdout)
    return figures


def _command(given: argparse.Namespace) -> str:
    parts = ["make bench"]
    if given.sizes != list(SIZES):
        parts.append(f'SIZES="{" ".join(map(str, given.sizes))}"')
    if given.needs:
        parts.append(f"NEEDS={given.needs}")
    return " ".join(parts)


if __name__ == "__main__":
    sys.exit(main())
