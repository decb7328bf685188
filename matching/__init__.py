"""The meeting of demand and supply: scoring, matches, review, leads, quotes, choice, coverage."""
