"""The words of a need's conditions, found again in its title and text so that a page can mark them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `condition` is the index of the condition it was read for, None for the words between."""

    text: str
    condition: int | None = None


def marked(title: str, text: str, conditions: Sequence[Mapping[str, Any]]) -> tuple[list[Piece], list[Piece]]:
    """Cut title and text into pieces. Where words were claimed twice, the earlier and longer claim wins.

    A place that no longer holds its words (the text was edited since) is looked for anew, else left unmarked.
    """
    whole = f"{title}\n{text}"
    claims = _claims(whole, conditions)
    return _cut(whole, 0, len(title), claims), _cut(whole, len(title) + 1, len(whole), claims)


def place_of(whole: str, condition: Mapping[str, Any]) -> Place | None:
    """Where the condition's original words stand in `whole` (title, newline, text); None where they do not."""
    words, span = str(condition.get("text") or ""), condition.get("span")
    if not words:
        return None
    if span and whole[span[0] : span[1]] == words:
        return span[0], span[1]
    start = whole.find(words)
    return (start, start + len(words)) if start >= 0 else None


def _claims(whole: str, conditions: Sequence[Mapping[str, Any]]) -> list[tuple[int, int, int]]:
    places = [(place_of(whole, condition), index) for index, condition in enumerate(conditions)]
    found = sorted((place[0], -place[1], index) for place, index in places if place)
    claims: list[tuple[int, int, int]] = []
    for start, minus_end, index in found:
        if not claims or start >= claims[-1][1]:
            claims.append((start, -minus_end, index))
    return claims


def _cut(whole: str, begin: int, end: int, claims: Sequence[tuple[int, int, int]]) -> list[Piece]:
    pieces: list[Piece] = []
    at = begin
    for start, stop, index in claims:
        if begin <= start and stop <= end:
            pieces += [Piece(whole[at:start]), Piece(whole[start:stop], index)]
            at = stop
    pieces.append(Piece(whole[at:end]))
    return [piece for piece in pieces if piece.text]
