"""tantivy, a search engine of the Lucene kind in this process: any of the words, then the same hard filter."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import tantivy

from .columns import OfferColumns, Trade
from .contest import LIMIT
from .field import Listing, Need

_HEAP = 1_000_000_000
# How far down to look at first: as if survivors of the filter were strewn evenly, and half as far again.
_MARGIN, _LEAST_LOOK, _FURTHER = 1.5, 200, 5
_SPARE = 64
_CUT = "cut"


class Tantivy:
    """An index in memory, written by one thread. Ranks far enough down that 20 pass the filter."""

    name = "tantivy"

    def __init__(self, listings: Sequence[Listing], trade: Trade) -> None:
        self._listings = list(listings)
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("words", stored=False, tokenizer_name=_CUT, index_option="freq")
        builder.add_integer_field("row", stored=False, indexed=False, fast=True)
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema)
        cut = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self._index.register_tokenizer(_CUT, cut)
        self._writer = self._index.writer(heap_size=_HEAP, num_threads=1)
        for row, listing in enumerate(self._listings):
            self._add(row, listing)
        self._columns = OfferColumns([listing.offer for listing in listings], trade, spare=_SPARE)
        self._commit()

    def _add(self, row: int, listing: Listing) -> None:
        words = " ".join(_written(token) for token in listing.tokens)
        self._writer.add_document(tantivy.Document(words=[words], row=[row]))

    def _commit(self) -> None:
        self._writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()

    def rank(self, need: Need) -> list[str]:
        passing = self._columns.passing(need.wish)
        query = self._query(need)
        survivors = max(1, int(np.count_nonzero(passing)))
        look = max(_LEAST_LOOK, int(_MARGIN * LIMIT * len(passing) / survivors))
        while True:
            hits = self._searcher.search(query, look, count=False).hits
            rows = self._searcher.fast_field_values("row", [address for _, address in hits])
            found = [row for row in rows if passing[row]][:LIMIT]
            if len(found) == LIMIT or len(hits) < look:  # enough, or nothing further down
                return [self._listings[row].id for row in found]
            look *= _FURTHER

    def _query(self, need: Need) -> tantivy.Query:
        terms = [tantivy.Query.term_query(self._schema, "words", _written(token)) for token in need.tokens]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])

    def update(self, listing: Listing) -> None:
        """Add and commit; the row's declared fields join the filter."""
        self._listings.append(listing)
        row = len(self._listings) - 1
        self._columns.put(row, listing.offer)
        self._add(row, listing)
        self._commit()

    def close(self) -> None:
        self._writer.wait_merging_threads()
        self._listings.clear()


def _written(token: str) -> str:
    return token.replace(" ", "_")
