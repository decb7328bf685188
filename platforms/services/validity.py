"""What certificates prove on a day."""

from __future__ import annotations

from datetime import date

from platforms.enums import FactKind, ListingStatus
from platforms.models import Certificate, Fact, Platform
from zhongshi.vocabulary.lexicons import current_lexicon


def mark_lapsed(platform: Platform, *, today: date) -> None:
    """Flag the qualification facts whose papers are all out of date, and clear the flag of the others.

    A flagged fact proves nothing: it counts as unknown, not as denied. Facts no published certificate speaks of keep
    counting as stated. In the caller's transaction.
    """
    facts = Fact.objects.filter(capability__platform=platform, kind=FactKind.QUALIFICATION, is_negated=False)
    papers = list(Certificate.objects.filter(platform=platform, status=ListingStatus.PUBLISHED))
    holding = {_canonical(paper.qualification) for paper in papers if paper.holds_on(today)}
    lapsed = {_canonical(paper.qualification) for paper in papers} - holding
    stated = facts.order_by().values_list("value", flat=True).distinct() if lapsed else ()
    values = [value for value in stated if _canonical(value) in lapsed]
    if values:
        facts.filter(value__in=values, is_lapsed=False).update(is_lapsed=True)
    facts.filter(is_lapsed=True).exclude(value__in=values).update(is_lapsed=False)


def _canonical(name: str) -> str:
    return current_lexicon().canonical("qualification", name) or name
