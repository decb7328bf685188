"""The lexicon: every form people write, found in one pass over a text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import ahocorasick

from .entries import Form, Found, Term
from .normalise import NormalText, form_key
from .sources import DATA_FOLDER, load_blind_forms, read_folder, read_public_folder

_MOST_LOOKED_UP = 20_000
_LETTERS_DIGITS = re.compile(r"^([a-z]{2,6})[ -]?(\d{1,6})$")


class Lexicon:
    """Terms and their forms. Immutable after building; `find` is linear in the text, however many forms there are."""

    def __init__(self, terms: Iterable[Term], forms: Iterable[Form] = (), blind: Iterable[str] | None = None) -> None:
        """Build from terms, further forms, and `blind` forms, which mean nothing and hide what lies inside them.

        Blind forms are no rows of the vocabulary: left out, they are those of the project's own file.
        """
        self._terms: dict[str, dict[str, Term]] = defaultdict(dict)
        self._by_form: dict[str, list[Term]] = defaultdict(list)
        for term in terms:
            self._terms[term.kind][term.code] = term
            for form in (term.name_zh, term.name_en):
                self._learn(form, term)
        for entry in forms:
            found = self._terms[entry.kind].get(entry.code)
            if found is not None:
                self._learn(entry.form, found)
        self._blind = frozenset(form_key(form) for form in (load_blind_forms() if blind is None else blind))
        self._children = self._child_table()
        # Listings say the same few thousand values over and over.
        self._looked_up = lru_cache(maxsize=_MOST_LOOKED_UP)(self._look_up)
        self._automaton = self._build()

    @classmethod
    def from_folder(cls, path: Path | str) -> Lexicon:
        """Read the CSV files of ``zhongshi/vocabulary/data`` or a folder like it. Raises OSError, ValueError."""
        return cls(*read_folder(Path(path)))

    @classmethod
    def from_public_folder(cls, path: Path | str, *, base: Lexicon | None = None) -> Lexicon:
        """Read the JSON files of an exchange vocabulary (``chains.json`` …); what they hold replaces `base`'s.

        Without `base` the built-in lexicon gives the other kinds (stages, services, hazards, units).
        """
        terms, forms = read_public_folder(Path(path))
        replaced = {term.kind for term in terms}
        kept = base or load_default_lexicon()
        return cls(
            [*(term for term in kept.terms() if term.kind not in replaced), *terms],
            [*(form for form in kept.forms() if form.kind not in replaced), *forms],
            kept.blind_forms,
        )

    @property
    def blind_forms(self) -> frozenset[str]:
        """Forms that mean nothing and hide what lies inside them (天津大学 is no place)."""
        return self._blind

    def terms(self, kind: str | None = None) -> Iterator[Term]:
        """All terms, or those of one kind."""
        for name, by_code in self._terms.items():
            if kind in (None, name):
                yield from by_code.values()

    def forms(self) -> Iterator[Form]:
        """Every form with the term it stands for."""
        for form, terms in self._by_form.items():
            for term in terms:
                yield Form(term.kind, term.code, form)

    def term(self, kind: str, value: str) -> Term | None:
        """The term whose code, exchange value or form `value` is; None if nobody knows it."""
        return self._looked_up(kind, value)

    def _look_up(self, kind: str, value: str) -> Term | None:
        known = self._terms.get(kind, {}).get(value)
        if known is not None:
            return known
        terms = [term for term in self._by_form.get(form_key(value), ()) if term.kind == kind]
        return next((term for term in terms if term.value == value), terms[0] if terms else None)

    def canonical(self, kind: str, value: str) -> str | None:
        """The exchange value for any form of a term; None if nobody knows it."""
        term = self.term(kind, value)
        return term.value if term else None

    def broader(self, kind: str, value: str) -> tuple[str, ...]:
        """Exchange values of all broader terms, nearest first (喷雾干燥 → 干燥; 510100 → 510000, CN)."""
        chain: list[str] = []
        term = self.term(kind, value)
        while term is not None and term.parent and term.parent not in chain and len(chain) < 9:
            term = self._terms[kind].get(term.parent)
            if term is not None:
                chain.append(term.value)
        return tuple(chain)

    def narrower(self, kind: str, value: str) -> tuple[str, ...]:
        """Exchange values of all narrower terms, at any depth."""
        term = self.term(kind, value)
        pending, reached = ([term.code] if term else []), list[str]()
        while pending:
            for child in self._children.get((kind, pending.pop()), ()):
                if child.value not in reached:
                    reached.append(child.value)
                    pending.append(child.code)
        return tuple(reached)

    def related(self, value: str) -> tuple[str, ...]:
        """Chinese names of processes that often go with this one."""
        return self._linked("process", value, "related")

    def neighbours(self, chain: str) -> tuple[str, ...]:
        """Names of the chains next to this one."""
        return self._linked("chain", chain, "neighbours")

    def implied(self, qualification: str) -> tuple[str, ...]:
        """Qualification codes that somebody who has this one fulfils too (FSSC22000 → FOOD, HACCP)."""
        reached: list[str] = []
        pending = list(self._linked("qualification", qualification, "implies"))
        while pending:
            code = pending.pop(0)
            if code not in reached:
                reached.append(code)
                pending.extend(self._linked("qualification", code, "implies"))
        return tuple(reached)

    def find(self, text: NormalText) -> list[Found]:
        """Every form in the text, longest first where they overlap, in order; word boundaries for Latin forms."""
        lower, hits = text.lower, list[tuple[int, int, str]]()
        for last, key in self._automaton.iter(lower) if len(self._automaton) else ():
            end = last + 1
            start = end - len(key)
            if _bounded(lower, start, end, key):
                hits.append((start, end, key))
        hits.sort(key=lambda hit: (hit[0] - hit[1], hit[0]))
        return self._without_overlap(hits, len(lower))

    def _without_overlap(self, hits: list[tuple[int, int, str]], length: int) -> list[Found]:
        taken = bytearray(length)
        kept = []
        for start, end, key in hits:
            if not any(taken[start:end]):
                taken[start:end] = b"\x01" * (end - start)
                if key not in self._blind:
                    kept.append(Found(start, end, key, tuple(self._by_form[key])))
        kept += self._heads(hits, kept)
        kept.sort(key=lambda found: found.start)
        return kept

    def _heads(self, hits: list[tuple[int, int, str]], kept: list[Found]) -> list[Found]:
        """The process a product's last word names: 注射剂 in 复方氨基酸注射液."""
        products = {item.end: item for item in kept if item.terms and not item.of("process") and item.of("material")}
        heads: dict[int, Found] = {}
        for start, end, key in hits:
            product = products.get(end)
            terms = tuple(term for term in self._by_form.get(key, ()) if term.kind == "process")
            if product is not None and start > product.start and terms:
                heads.setdefault(end, Found(start, end, key, terms, is_head=True))
        return list(heads.values())

    def _linked(self, kind: str, value: str, attribute: str) -> tuple[str, ...]:
        term = self.term(kind, value)
        if term is None:
            return ()
        others = (self._terms[kind].get(code) for code in term.listed(attribute))
        return tuple(other.value for other in others if other is not None)

    def _learn(self, form: str, term: Term) -> None:
        key = form_key(form)
        if not key:
            return
        match = _LETTERS_DIGITS.match(key)
        keys = {key} if match is None else {key, "".join(match.groups()), " ".join(match.groups())}
        if match is not None:
            keys.add("-".join(match.groups()))
        for each in sorted(keys):
            if term not in self._by_form[each]:
                self._by_form[each].append(term)

    def _child_table(self) -> dict[tuple[str, str], list[Term]]:
        children: dict[tuple[str, str], list[Term]] = defaultdict(list)
        for term in self.terms():
            if term.parent:
                children[term.kind, term.parent].append(term)
        return children

    def _build(self) -> ahocorasick.Automaton:
        automaton = ahocorasick.Automaton()
        for key in {*self._by_form, *self._blind} - {""}:
            automaton.add_word(key, key)
        automaton.make_automaton()
        return automaton


@lru_cache(maxsize=1)
def load_default_lexicon() -> Lexicon:
    """The lexicon of the project's own CSV files, built once."""
    return Lexicon.from_folder(DATA_FOLDER)


def _bounded(lower: str, start: int, end: int, key: str) -> bool:
    """Latin ends need a word boundary (IC is not in ICP); an English plural s is let through."""
    if _latin(key[0]) and start and _latin(lower[start - 1]):
        return False
    if not _latin(key[-1]) or end >= len(lower) or not _latin(lower[end]):
        return True
    plural = len(key) > 3 and lower[end] == "s"
    return plural and (end + 1 >= len(lower) or not _latin(lower[end + 1]))


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
