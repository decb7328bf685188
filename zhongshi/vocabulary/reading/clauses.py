"""Clauses and sentences: the reach of a negation, a wish or a must."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from .normalise import NormalText

_CLAUSE_END = re.compile(r"[，。;!?\n…]|,(?!\d{3})|\.(?=\s|$)|:(?=\s|$)")
# A text without stops is cut anyway: rules look at whole clauses, and must stay linear.
_LONGEST_CLAUSE, _LONGEST_SENTENCE = 240, 720
_SENTENCE_END = re.compile(r"[。;!?\n…]|\.(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Clause:
    """Part of a text between two stops, as positions of the normal form; `lower` are its words."""

    start: int
    end: int
    lower: str


class Clauses:
    """A text cut into clauses and sentences; asks by position."""

    def __init__(self, text: NormalText) -> None:
        self.text = text
        self.all = _cut(text.lower, _CLAUSE_END, _LONGEST_CLAUSE)
        self._starts = [clause.start for clause in self.all]

    @cached_property
    def sentences(self) -> list[Clause]:
        """The sentences, cut when first asked for: most listings are read by clauses alone."""
        return _cut(self.text.lower, _SENTENCE_END, _LONGEST_SENTENCE)

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    def at(self, position: int) -> Clause:
        """The clause a position lies in."""
        return self.all[max(bisect_right(self._starts, position) - 1, 0)]

    def sentence_at(self, position: int) -> Clause:
        """The sentence a position lies in."""
        return self.sentences[max(bisect_right(self._sentence_starts, position) - 1, 0)]

    def before(self, position: int, width: int = 12) -> str:
        """The words of the same clause before a position, at most `width` characters."""
        return self.text.lower[max(self.at(position).start, position - width) : position]

    def after(self, position: int, width: int = 12) -> str:
        """The words of the same clause from a position on, at most `width` characters."""
        clause = self.at(max(position - 1, 0))
        return self.text.lower[position : min(clause.end, position + width)]


def _cut(lower: str, ends: re.Pattern[str], longest: int) -> list[Clause]:
    stops = [match.end() for match in ends.finditer(lower)]
    if not stops or stops[-1] < len(lower):
        stops.append(len(lower))
    parts, start = list[Clause](), 0
    for stop in stops:
        for begin in range(start, max(stop, start + 1), longest):
            end = min(begin + longest, stop)
            parts.append(Clause(begin, end, lower[begin:end]))
        start = stop
    return parts
