"""Provinces and cities of the vocabulary, for those who choose one."""

from .labels import term_label
from .lexicons import current_lexicon


def region_choices() -> list[tuple[str, str]]:
    """Pairs of administrative code and name in the active language, in the vocabulary's order."""
    terms = current_lexicon().terms("region")
    return [(term.code, term_label("region", term.code)) for term in terms if term.code[:1].isdigit()]
