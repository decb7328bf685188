"""One readable log of several programs: each line behind the name of who wrote it."""

import os
import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import TextIO

_COLOURS = {"web": 36, "worker": 32, "beat": 33, "migrate": 35, "vocabulary": 35, "demo data": 35}
_WIDTH = 11


class Console:
    """Writes whole lines only, from any thread."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._coloured = self._stream.isatty() and "NO_COLOR" not in os.environ
        self._lock = threading.Lock()

    def voice(self, name: str) -> Callable[[str], None]:
        """What a child of that name writes its lines with."""
        return partial(self.line, name)

    def line(self, name: str, text: str) -> None:
        label = f"{name:<{_WIDTH}}|"
        if self._coloured:
            label = f"\x1b[{_COLOURS.get(name, 37)}m{label}\x1b[0m"
        self.say(f"{label} {text}")

    def say(self, text: str) -> None:
        """A line of the supervisor itself."""
        try:
            with self._lock:
                print(text, file=self._stream, flush=True)
        except OSError:
            # The terminal was closed. The programs must still be stopped in order.
            return
