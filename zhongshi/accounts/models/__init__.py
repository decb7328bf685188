"""People and their organizations, how both come in, and from where people are signed in."""

from .budgets import RateBudget, SignInPause
from .joining import ConsentRecord, ContactConsent, Invitation, Registration
from .people import Membership, Organization, OrganizationQuerySet, User, Zone
from .sessions import UserSession

__all__ = [
    "ConsentRecord",
    "ContactConsent",
    "Invitation",
    "Membership",
    "Organization",
    "OrganizationQuerySet",
    "RateBudget",
    "Registration",
    "SignInPause",
    "User",
    "UserSession",
    "Zone",
]
