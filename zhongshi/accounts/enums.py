"""Fixed values of accounts."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(TextChoices):
    """What a member is to the service."""

    ENTERPRISE = "enterprise", pgettext_lazy("role", "enterprise")
    OPERATOR = "operator", pgettext_lazy("role", "platform operator")
    PROVIDER = "provider", pgettext_lazy("role", "resource provider")
    ZONE_ADMIN = "zone_admin", pgettext_lazy("role", "zone administrator")
    NETWORK_ADMIN = "network_admin", pgettext_lazy("role", "network administrator")


class OrganizationKind(TextChoices):
    ENTERPRISE = "enterprise", _("enterprise")
    OPERATOR = "operator", _("platform operator")
    PROVIDER = "provider", _("resource provider")
    ZONE = "zone", _("zone office")


class OrganizationStatus(TextChoices):
    """Whether the zone's office lets an organization take part."""

    SUBMITTED = "submitted", pgettext_lazy("organization", "waits for the zone's office")
    APPROVED = "approved", pgettext_lazy("organization", "approved")
    RETURNED = "returned", pgettext_lazy("organization", "returned")
    SUSPENDED = "suspended", pgettext_lazy("organization", "suspended")
    CLOSED = "closed", pgettext_lazy("organization", "closed")
