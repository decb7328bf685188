"""What the search page reads from its address, and the address of a search."""

from dataclasses import replace
from typing import Any

from django.http import QueryDict

from platforms.facets import FACETS
from platforms.search import MAX_QUERY, SORTS, Search

from .sizes import size_entry

MAX_VALUES = 20
MAX_VALUE = 100


def search_from(query: QueryDict) -> Search:
    """Read a search from an address. Never refuses: what is too long is cut."""
    sort = query.get("sort", "")
    filters = {name: _values(query, name) for name in FACETS}
    words = " ".join(query.get("q", "").replace("\x00", " ").split())[:MAX_QUERY]
    size = size_entry(query).size
    return Search(words=words, size=size, sort=sort if sort in SORTS else "relevance", **filters)


def _values(query: QueryDict, name: str) -> tuple[str, ...]:
    given = [value.replace("\x00", "").strip()[:MAX_VALUE] for value in query.getlist(name)[:MAX_VALUES]]
    return tuple(dict.fromkeys(value for value in given if value))


def address_of(search: Search) -> str:
    """The query string of a search, `?` included; the same search always has the same address."""
    query = QueryDict(mutable=True)
    if search.words:
        query["q"] = search.words
    for name in FACETS:
        if values := getattr(search, name):
            query.setlist(name, list(values))
    if size := search.size:
        query.update(
            {"quantity": size.quantity, "value": f"{size.value:.9f}".rstrip("0").rstrip("."), "unit": size.unit}
        )
        if size.bound != "min":
            query["bound"] = size.bound
    if search.sort != "relevance":
        query["sort"] = search.sort
    return f"?{query.urlencode()}"


def without_value(search: Search, facet: str, value: str) -> Search:
    """The same search with one value of one filter lifted."""
    kept = tuple(one for one in getattr(search, facet) if one != value)
    lifted: dict[str, Any] = {facet: kept}
    return replace(search, **lifted)
