"""The one exception a person sees: a sentence, never a stack."""

from collections.abc import Sequence


class EmbeddedError(Exception):
    """Something the person at the terminal can act on, said in one sentence."""


class PortTaken(EmbeddedError):
    """Somebody listens there already."""


def explain_failure(doing: str, lines: Sequence[str]) -> EmbeddedError:
    """What went wrong with `doing`, told from a program's last output lines; names a full disk as such."""
    text = "\n".join(lines)
    if "No space left on device" in text:
        return EmbeddedError(f"{doing} failed: the disk is full. Free some space and start again. 磁盘已满。")
    if "Address already in use" in text:
        return PortTaken(f"{doing} failed: its port is taken.")
    last = next((line for line in reversed(lines) if line.strip()), "it said nothing")
    return EmbeddedError(f"{doing} failed: {last.strip()}")
