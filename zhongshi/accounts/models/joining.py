"""How people come in: they register an organization or are invited; what they agreed to."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhongshi.accounts.enums import OrganizationKind
from zhongshi.core.models import PublicId

from .people import Organization, Zone


class Registration(PublicId):
    """What a stranger entered. It becomes an organization and a person when the address has been confirmed.

    `organization`: what `OrganizationInput` holds. `password` is a hash.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=OrganizationKind.choices)
    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="registrations")
    organization: models.JSONField[Any, Any] = models.JSONField(_("organization"), default=dict)
    person_name = models.CharField(_("name"), max_length=100)
    email = models.EmailField(_("e-mail"), max_length=150)
    password = models.CharField(_("password"), max_length=128)
    language = models.CharField(_("language"), max_length=10)
    consent_version = models.CharField(_("version of the privacy text"), max_length=20)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"))
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        indexes = [models.Index(fields=["expires_at"], name="registration_expiry")]

    def __str__(self) -> str:
        return self.email


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations by what may still become of them."""

    def pending(self) -> InvitationQuerySet:
        """Neither accepted nor revoked; those that have run out among them."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True)

    def open(self) -> InvitationQuerySet:
        """Those whose link works now."""
        return self.pending().filter(expires_at__gt=timezone.now())


class Invitation(PublicId):
    """A colleague is asked to join an organization. One link, used once, within seven days."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail"), max_length=150)
    is_manager = models.BooleanField(_("manages the organization"), default=False)
    language = models.CharField(_("language"), max_length=10)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=models.Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="invitation_once_pending",
            )
        ]

    def __str__(self) -> str:
        return self.email


class ConsentRecord(models.Model):
    """Who agreed to which version of which text, and when."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents")
    document = models.CharField(_("document"), max_length=40)
    version = models.CharField(_("version"), max_length=20)
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [models.UniqueConstraint(fields=["user", "document", "version"], name="consent_once")]


class ContactConsent(PublicId):
    """That a person agreed to the other side of one match getting the contacts, and when; apart from all other consent.

    `match`: its public id. A withdrawn consent stays as proof of both moments; the contacts are hidden again.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="contact_consents")
    match = models.UUIDField(_("match"))
    version = models.CharField(_("version"), max_length=20)
    at = models.DateTimeField(_("time"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("consent to passing on contacts")
        verbose_name_plural = _("consents to passing on contacts")
        constraints = [models.UniqueConstraint(fields=["match", "user"], name="contact_consent_once")]
