"""One measurement in a process of its own: `python -m benchmarks.child forward|reverse FOLDER SIZE NEEDS`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from . import backward, forward
from .figures import REVERSE, Figures, ReverseFigures


def main(arguments: Sequence[str]) -> int:
    """Print the figures as one line of JSON; progress goes to standard error."""
    direction, folder, size, most = arguments
    figures: Sequence[Figures] | Sequence[ReverseFigures]
    if direction == REVERSE:
        figures = backward.measure(Path(folder), int(most))
    else:
        figures = forward.measure(Path(folder), int(size), int(most), os.environ.get("DATABASE_URL", ""))
    print(json.dumps([asdict(one) for one in figures]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
