"""What need not be kept: registrations nobody confirmed, invitations long over, sessions that have run out."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from zhongshi.accounts.models import Invitation, RateBudget, Registration, SignInPause

INVITATIONS_KEPT = timedelta(days=90)
PAUSES_KEPT = timedelta(days=1)


def accounts_forget() -> dict[str, int]:
    """Delete what is over; how many registrations, invitations and sessions. May run twice and beside itself.

    A confirmed registration goes with the same date: what counts of it is in the organization and the audit trail.
    """
    now = timezone.now()
    registrations, _ = Registration.objects.filter(expires_at__lt=now).delete()
    invitations, _ = Invitation.objects.filter(expires_at__lt=now - INVITATIONS_KEPT).delete()
    # A budget that is full again and a pause of yesterday say what a missing row says.
    RateBudget.objects.filter(spent_until__lt=now).delete()
    SignInPause.objects.filter(tried_at__lt=now - PAUSES_KEPT).delete()
    ended = Session.objects.filter(expire_date__lt=now)
    sessions = ended.count()
    ended.delete()
    return {"registrations": registrations, "invitations": invitations, "sessions": sessions}
