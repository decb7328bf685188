"""Two pages held side by side."""

# A form's token is drawn anew for each answer; the head of a printed page names the minute it was opened in.
_NEW_EACH_TIME = ("csrfmiddlewaretoken", "print-head")


def unstamped(content: bytes) -> str:
    """The page without the lines that differ between two answers although nothing else does."""
    lines = content.decode().splitlines(keepends=True)
    return "".join(line for line in lines if not any(mark in line for mark in _NEW_EACH_TIME))
