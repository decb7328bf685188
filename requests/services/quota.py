"""How many needs one organization may submit in a day: a program that runs wild fills nobody's desk."""

from __future__ import annotations

from django.conf import settings

from zhongshi.accounts.models import Organization
from zhongshi.accounts.services.budgets import budget_spend
from zhongshi.core.errors import TooOften

_DAY = 86_400


def need_spend(organization: Organization) -> None:
    """Take one of the day's needs. Outside any transaction: nobody waits for a neighbour's post to be committed.

    Raises TooOften where none is left; NEEDS_PER_DAY 0 means no bound.
    """
    rate = settings.NEEDS_PER_DAY
    if rate and budget_spend(f"needs:{organization.pk}", rate=rate, period=_DAY) is not None:
        raise TooOften
