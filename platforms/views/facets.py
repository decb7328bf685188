"""The filters beside a list: every value with its count, those in force, and what lifting one would give."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from platforms.facets import FACETS
from platforms.search import Search, count_facets, find_capabilities
from zhongshi.vocabulary import labels

from .searches import address_of, without_value
from .sizes import size_label

SHOWN = 7
_REST_LIMIT = 60


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """One filter: the values shown at once, and the rest behind "more"."""

    name: str
    label: str
    shown: list[Choice]
    rest: list[Choice]
    chosen: int


@dataclass(frozen=True, slots=True)
class Lifting:
    """A filter in force (or the words), the address without it, and how many capabilities that finds."""

    label: str
    address: str
    count: int = 0


def groups_of(search: Search, among: list[int] | None) -> list[Group]:
    """The filters of the page with live counts."""
    counts = count_facets(search, among)
    return [_group(search, name, counts[name]) for name in FACETS]


def _group(search: Search, name: str, counts: dict[str, int]) -> Group:
    chosen = getattr(search, name)
    counts = dict.fromkeys(chosen, 0) | counts
    choices = [Choice(value, value_label(name, value), count, value in chosen) for value, count in counts.items()]
    # Chosen values stay in sight whatever their count.
    choices.sort(key=lambda choice: not choice.is_chosen)
    shown = max(SHOWN, len(chosen))
    return Group(name, labels.kind_label(name), choices[:shown], choices[shown : shown + _REST_LIMIT], len(chosen))


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
    if search.size:
        chips.insert(0, Lifting(size_label(search), address_of(search.without("size"))))
    if search.words:
        chips.insert(0, Lifting(_quoted(search.words), address_of(replace(search, words=""))))
    return chips


def dropping(search: Search) -> list[Lifting]:
    """For a search that finds nothing: each filter or word whose lifting finds something, most first."""
    lifted = [(_filter_label(search, name), search.without(name)) for name in FACETS if getattr(search, name)]
    if search.size:
        lifted.append((size_label(search), search.without("size")))
    words = search.words.split()
    for position, word in enumerate(words):
        rest = " ".join(words[:position] + words[position + 1 :])
        lifted.append((_quoted(word), replace(search, words=rest)))
    return _counted(lifted)


def keeping(search: Search) -> list[Lifting]:
    """For a search that no single lifting helps: each filter or word that finds something by itself, most first."""
    alone = [
        (_filter_label(search, name), Search(**{name: getattr(search, name)}))
        for name in FACETS
        if getattr(search, name)
    ]
    if search.size:
        alone.append((size_label(search), Search(size=search.size)))
    alone += [(_quoted(word), Search(words=word)) for word in search.words.split()]
    return _counted(alone)


def _counted(searches: list[tuple[str, Search]]) -> list[Lifting]:
    ways = [Lifting(label, address_of(one), find_capabilities(one).count()) for label, one in searches]
    return sorted((way for way in ways if way.count), key=lambda way: -way.count)


def _quoted(words: str) -> str:
    return _("“%(words)s”") % {"words": words}


def _filter_label(search: Search, name: str) -> str:
    values = _(", ").join(value_label(name, value) for value in getattr(search, name))
    return _("%(filter)s: %(values)s") % {"filter": labels.kind_label(name), "values": values}
