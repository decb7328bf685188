"""An offer as an operator makes it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from matching.services.leads import QuoteInput


def offer(amount: str) -> QuoteInput:
    """Valid for a month."""
    return QuoteInput(amount=Decimal(amount), valid_until=timezone.localdate() + timedelta(days=30), note="含分析检测")
