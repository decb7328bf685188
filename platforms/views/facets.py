"""The filters beside a list: every value with its count, those in force, and what lifting one would give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from platforms.facets import ALL_OF, FACETS
from platforms.search import Search, count_everything, count_facets, count_found, count_free, found_by_text
from zhongshi.vocabulary import labels

from .pricing import price_filter_label
from .searches import FREE_WEEKS, address_of, without_value
from .sizes import size_label

SHOWN = 7
_REST_LIMIT = 60
# Groups that stand open before anybody chose in them.
_OPEN = frozenset({"chain", "process"})


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter. `number` is its place among all values, which no other filter changes."""

    value: str
    label: str
    count: int
    is_chosen: bool
    number: int


@dataclass(frozen=True, slots=True)
class Group:
    """One filter: the values shown at once, and the rest behind "more"; `all_of` where all chosen must be met."""

    name: str
    label: str
    shown: list[Choice]
    rest: list[Choice]
    chosen: int
    is_open: bool
    all_of: bool

    @property
    def is_rest_open(self) -> bool:
        """Whether something behind "more" is chosen."""
        return any(choice.is_chosen for choice in self.rest)


@dataclass(frozen=True, slots=True)
class Lifting:
    """A filter in force (or the words), the address without it, and how many capabilities that finds."""

    label: str
    address: str
    count: int = 0


def groups_of(search: Search, among: list[int] | None) -> list[Group]:
    """The filters of the page with live counts. The order of the values is that of the whole catalogue: it stays."""
    everything, counts = count_everything(), count_facets(search, among)
    return [_group(search, name, everything[name], counts[name]) for name in FACETS]


def _group(search: Search, name: str, everything: Mapping[str, int], counts: Mapping[str, int]) -> Group:
    chosen = getattr(search, name)
    # A chosen value nobody has stays in sight, first; of the hundreds only those that are drawn are looked at.
    values = dict.fromkeys([*(value for value in chosen if value not in everything), *everything])
    choices = [
        Choice(value, value_label(name, value), counts.get(value, 0), value in chosen, number)
        for number, value in enumerate(values)
        if number < SHOWN + _REST_LIMIT or value in chosen
    ]
    return Group(
        name=name,
        label=labels.kind_label(name),
        shown=choices[:SHOWN],
        rest=choices[SHOWN:],
        chosen=len(chosen),
        is_open=bool(chosen) or name in _OPEN,
        all_of=name in ALL_OF,
    )


def free_choices(search: Search, among: list[int] | None) -> list[Choice]:
    """Weeks within which a line is wanted, with counts; empty where nobody stated a free day."""
    counts = enumerate(zip(FREE_WEEKS, count_free(search, FREE_WEEKS, among), strict=False))
    return [
        Choice(str(weeks), free_label(weeks), count, search.free_within == weeks, number)
        for number, (weeks, count) in counts
    ]


def free_label(weeks: int) -> str:
    """Free within so many weeks, in words."""
    return ngettext("free within %(weeks)s week", "free within %(weeks)s weeks", weeks) % {"weeks": weeks}


def _count(search: Search) -> int:
    return count_found(search, found_by_text(search))


def value_label(facet: str, value: str) -> str:
    """A filter's value in words."""
    return labels.value_label(facet, value)


def in_force(search: Search) -> list[Lifting]:
    """The chips above the list: each filter's value and the words, with the address that drops it."""
    chips = [
        Lifting(value_label(name, value), address_of(without_value(search, name, value)))
        for name in FACETS
        for value in getattr(search, name)
    ]
    if search.free_within:
        chips.append(Lifting(free_label(search.free_within), address_of(search.without("free_within"))))
    if search.price:
        chips.append(Lifting(price_filter_label(search), address_of(search.without("price"))))
    if search.size:
        chips.insert(0, Lifting(size_label(search), address_of(search.without("size"))))
    if search.words:
        chips.insert(0, Lifting(_quoted(search.words), address_of(replace(search, words=""))))
    return chips


def dropping(search: Search) -> list[Lifting]:
    """For a search that finds nothing: each filter or word whose lifting finds something, most first."""
    lifted = [pair for name in FACETS for pair in _without(search, name)]
    if search.size:
        lifted.append((size_label(search), search.without("size")))
    if search.free_within:
        lifted.append((free_label(search.free_within), search.without("free_within")))
    if search.price:
        lifted.append((price_filter_label(search), search.without("price")))
    words = search.words.split()
    for position, word in enumerate(words):
        rest = " ".join(words[:position] + words[position + 1 :])
        lifted.append((_quoted(word), replace(search, words=rest)))
    return _counted(lifted)


def _without(search: Search, name: str) -> list[tuple[str, Search]]:
    """Where all chosen values must be met, dropping one may be enough; where any of them is, only all together help."""
    values = getattr(search, name)
    if name in ALL_OF and len(values) > 1:
        return [(value_label(name, value), without_value(search, name, value)) for value in values]
    return [(_filter_label(search, name), search.without(name))] if values else []


def keeping(search: Search) -> list[Lifting]:
    """For a search that no single lifting helps: each filter or word that finds something by itself, most first."""
    alone = [
        (_filter_label(search, name), Search(**{name: getattr(search, name)}))
        for name in FACETS
        if getattr(search, name)
    ]
    if search.size:
        alone.append((size_label(search), Search(size=search.size)))
    if search.free_within:
        alone.append((free_label(search.free_within), Search(free_within=search.free_within)))
    if search.price:
        alone.append((price_filter_label(search), Search(price=search.price)))
    alone += [(_quoted(word), Search(words=word)) for word in search.words.split()]
    return _counted(alone)


def _counted(searches: list[tuple[str, Search]]) -> list[Lifting]:
    ways = [Lifting(label, address_of(one), _count(one)) for label, one in searches]
    return sorted((way for way in ways if way.count), key=lambda way: -way.count)


def _quoted(words: str) -> str:
    return _("“%(words)s”") % {"words": words}


def _filter_label(search: Search, name: str) -> str:
    values = _(", ").join(value_label(name, value) for value in getattr(search, name))
    return _("%(filter)s: %(values)s") % {"filter": labels.kind_label(name), "values": values}
