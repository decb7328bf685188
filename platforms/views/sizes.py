"""The size on the search page: as typed, what it means, what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from platforms.search import Search
from platforms.sizes import MAX_TYPED, Size, size_from, size_quantities
from zhongshi.core.errors import InvalidInput
from zhongshi.vocabulary import labels
from zhongshi.vocabulary.units import base_units

FIELDS = ("quantity", "bound", "value", "unit")
_BOUNDS: dict[str, str | Promise] = {"min": _("at least"), "max": _("at most")}


@dataclass(frozen=True, slots=True)
class SizeEntry:
    """What stands in the four fields. `size` is None where nothing was typed, or something is wrong."""

    quantity: str
    bound: str
    value: str
    unit: str
    size: Size | None
    problems: Mapping[str, Sequence[str | Promise]]

    @property
    def quantities(self) -> list[tuple[str, str, bool]]:
        """Code, words, chosen."""
        return [(code, labels.quantity_label(code), code == self.quantity) for code in size_quantities()]

    @property
    def bounds(self) -> list[tuple[str, str, bool]]:
        """Code, words, chosen."""
        return [(code, str(words), code == self.bound) for code, words in _BOUNDS.items()]

    @property
    def unit_hint(self) -> str:
        """The unit that counts where none is typed."""
        return base_units().get(self.quantity, "")

    @property
    def messages(self) -> list[str]:
        """Every complaint, in the order of the fields."""
        return [str(message) for name in FIELDS for message in self.problems.get(name, [])]


def size_entry(query: QueryDict) -> SizeEntry:
    """Read the four fields of an address; never refuses, the complaint stands in the entry."""
    typed = {name: query.get(name, "").replace("\x00", "").strip()[:MAX_TYPED] for name in FIELDS}
    typed["quantity"], typed["bound"] = typed["quantity"] or size_quantities()[0], typed["bound"] or "min"
    try:
        return SizeEntry(**typed, size=size_from(**typed), problems={})
    except InvalidInput as refusal:
        return SizeEntry(**typed, size=None, problems=refusal.errors or {})


def size_label(search: Search) -> str:
    """A size in words: 容积 ≥ 500 L."""
    size = search.size
    if size is None:
        return ""
    low, high = (size.value, None) if size.bound == "min" else (None, size.value)
    return f"{labels.quantity_label(size.quantity)} {labels.range_label(low, high, size.unit)}"
