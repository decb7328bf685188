"""The strongest peer: bm25s, the hard filter and the structured score on declared fields, blended."""

from __future__ import annotations

from collections.abc import Sequence

import bm25s
import numpy as np

from .columns import OfferColumns, Rows, Trade, Values
from .contest import best, blended
from .field import Field, Listing, Need
from .measures import mean, ndcg
from .wishes import WishColumns

# Share of the words in the sum; the structured score has the rest.
BLENDS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
_TRIALS = 200


class Words:
    """A bm25s index over lists of tokens."""

    def __init__(self, corpus: Sequence[Sequence[str]]) -> None:
        codes: dict[str, int] = {}
        numbered = [[codes.setdefault(token, len(codes)) for token in tokens] for tokens in corpus]
        self._index = bm25s.BM25()
        self._index.index((numbered, codes), show_progress=False)

    def scores(self, tokens: Sequence[str]) -> Values:
        """BM25 of every list for these tokens."""
        numbers = self._index.get_tokens_ids(list(tokens))
        found: Values = self._index.get_scores_from_ids(numbers)
        return found

    def nbytes(self) -> int:
        """What its arrays take."""
        return sum(part.nbytes for part in self._index.scores.values() if isinstance(part, np.ndarray))


class Bm25:
    """Need to listings."""

    name = "bm25s"

    def __init__(self, listings: Sequence[Listing], trade: Trade, blend: float) -> None:
        self.blend = blend
        self._trade = trade
        self._listings = list(listings)
        self._build()

    def _build(self) -> None:
        self._words = Words([listing.tokens for listing in self._listings])
        self._columns = OfferColumns([listing.offer for listing in self._listings], self._trade)

    def rank(self, need: Need) -> list[str]:
        rows, words, structure = self.parts(need)
        return self.named(best(blended(words, structure, self.blend), rows))

    def parts(self, need: Need) -> tuple[Rows, Values, Values]:
        """The rows that pass the filter, with both halves of their score."""
        rows = np.flatnonzero(self._columns.passing(need.wish))
        return rows, self._words.scores(need.tokens)[rows], self._columns.structure(need.wish, rows)

    def named(self, rows: Sequence[int]) -> list[str]:
        return [self._listings[row].id for row in rows]

    def update(self, listing: Listing) -> None:
        """Its scores are computed when indexing, from frequencies in the whole: a change is a rebuild."""
        self._listings.append(listing)
        self._build()

    def close(self) -> None:
        self._listings.clear()


def choose_blend(field: Field) -> float:
    """The blend of the grid with the best nDCG@10 over the first 200 needs of this (small) field."""
    engine = Bm25(field.listings, field.trade, 0.5)
    needs = field.needs[:_TRIALS]
    parts = [engine.parts(need) for need in needs]

    def quality(blend: float) -> float:
        found = [
            ndcg(engine.named(best(blended(words, structure, blend), rows)), field.judgements[need.id])
            for need, (rows, words, structure) in zip(needs, parts, strict=True)
        ]
        return mean(found) or 0.0

    return max(BLENDS, key=quality)


class Bm25Needs:
    """Listing to needs: an index of the needs, asked with the listing's words."""

    name = "bm25s"

    def __init__(self, needs: Sequence[Need], trade: Trade, blend: float) -> None:
        self.blend = blend
        self._ids = [need.id for need in needs]
        self._words = Words([need.tokens for need in needs])
        self._columns = WishColumns([need.wish for need in needs], trade)

    def rank(self, listing: Listing) -> list[str]:
        rows: Rows = np.flatnonzero(self._columns.passing(listing.offer))
        words = self._words.scores(listing.tokens)[rows]
        scores = blended(words, self._columns.structure(listing.offer, rows), self.blend)
        return [self._ids[row] for row in best(scores, rows)]
