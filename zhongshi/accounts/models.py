"""People, their organizations, and the zones these belong to."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhongshi.core.models import PublicId

from .enums import OrganizationKind, Role


class Zone(models.Model):
    """A high-tech zone with its own office and its own policy for approving matches."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    opens_needs_itself = models.BooleanField(_("opens submitted needs by itself"), default=True)
    approves_itself = models.BooleanField(_("approves good matches by itself"), default=False)
    approval_score = models.PositiveSmallIntegerField(
        _("least score for that"), default=60, validators=[MaxValueValidator(100)]
    )

    class Meta:
        ordering = ["code"]
        verbose_name = _("zone")
        verbose_name_plural = _("zones")

    def __str__(self) -> str:
        return self.name


class Organization(PublicId):
    """An enterprise, an operator, a provider or a zone's office; contacts are released only after a choice."""

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganizationKind.choices)
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="organizations", verbose_name=_("zone"))
    credit_code = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    region = models.CharField(_("region"), max_length=20, blank=True)
    contact_name = models.CharField(_("contact"), max_length=100, blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=40, blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person who signs in."""

    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")

    class Meta(AbstractUser.Meta):
        pass


class Membership(models.Model):
    """What a person is in which organization. One each: who acts for two signs in as two."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="membership")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known")]

    def __str__(self) -> str:
        return f"{self.user} · {self.organization}"
