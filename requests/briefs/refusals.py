"""Why a file is not taken."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Stable words between the program that looks at the file and the page that explains."""

    EMPTY = "empty"
    WRONG_TYPE = "wrong_type"
    OLD_WORD = "old_word"
    ENCRYPTED = "encrypted"
    SCANNED = "scanned"
    PAGES = "pages"
    INFLATED = "inflated"
    UNSAFE = "unsafe"
    DAMAGED = "damaged"


class Refused(Exception):
    """The file is not taken; `most` is the bound it is over, where there is one."""

    def __init__(self, reason: Reason, most: int | None = None) -> None:
        super().__init__(reason)
        self.reason, self.most = reason, most
