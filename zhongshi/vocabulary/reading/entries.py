"""What a lexicon is made of: terms, the forms they are written in, and a form met in a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

VALUE_IS_CODE = frozenset({"stage", "qualification", "region", "quantity", "unit"})


@dataclass(frozen=True, slots=True)
class Term:
    """One controlled word. `attributes` keeps what only its kind has (a region's cluster, a chain's neighbours)."""

    kind: str
    code: str
    name_zh: str
    name_en: str = ""
    parent: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def value(self) -> str:
        """What the exchange format writes: the code for stages, qualifications and regions, else the Chinese name."""
        return self.code if self.kind in VALUE_IS_CODE else self.name_zh

    def listed(self, attribute: str) -> tuple[str, ...]:
        """Read an attribute that holds several entries separated by semicolons."""
        return tuple(part for part in self.attributes.get(attribute, "").split(";") if part)


@dataclass(frozen=True, slots=True)
class Form:
    """A form under which people write a term; `code` is the term's."""

    kind: str
    code: str
    form: str


@dataclass(frozen=True, slots=True)
class Found:
    """A form met in a text: positions in the normal form, and every term it may mean.

    `is_head` marks the last word of a longer product name (注射液 in 复方氨基酸注射液).
    """

    start: int
    end: int
    form: str
    terms: tuple[Term, ...]
    is_head: bool = False

    def of(self, kind: str) -> tuple[Term, ...]:
        """The terms of one kind."""
        return tuple(term for term in self.terms if term.kind == kind)
