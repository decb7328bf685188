"""What the search page reads from its address, and the address of a search."""

from dataclasses import replace
from typing import Any

from django.http import QueryDict

from platforms.facets import FACETS
from platforms.search import MAX_QUERY, SORTS, Search

from .pricing import price_entry
from .sizes import size_entry

MAX_VALUES = 20
MAX_VALUE = 100
FREE_WEEKS = (4, 12, 26)


def search_from(query: QueryDict) -> Search:
    """Read a search from an address. Never refuses: what is too long is cut."""
    sort = query.get("sort", "")
    filters = {name: _values(query, name) for name in FACETS}
    words = " ".join(query.get("q", "").replace("\x00", " ").split())[:MAX_QUERY]
    size = size_entry(query).size
    weeks = query.get("free", "")
    free = int(weeks) if weeks in {str(one) for one in FREE_WEEKS} else 0
    price = price_entry(query).price
    return Search(
        words=words, size=size, free_within=free, price=price, sort=sort if sort in SORTS else "relevance", **filters
    )


def _values(query: QueryDict, name: str) -> tuple[str, ...]:
    given = [value.replace("\x00", "").strip()[:MAX_VALUE] for value in query.getlist(name)[:MAX_VALUES]]
    return tuple(dict.fromkeys(value for value in given if value))


def address_of(search: Search, page: str = "") -> str:
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
    if search.free_within:
        query["free"] = str(search.free_within)
    if search.price:
        query.update({"price_max": f"{search.price.amount:g}", "price_unit": search.price.unit})
    if search.sort != "relevance":
        query["sort"] = search.sort
    if page.isdigit() and page != "1":
        query["page"] = page
    return f"?{query.urlencode()}"


def without_value(search: Search, facet: str, value: str) -> Search:
    """The same search with one value of one filter lifted."""
    kept = tuple(one for one in getattr(search, facet) if one != value)
    lifted: dict[str, Any] = {facet: kept}
    return replace(search, **lifted)
