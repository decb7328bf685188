"""People, their organizations, and the zones these belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhongshi.accounts.enums import OrganizationKind, OrganizationStatus, Role
from zhongshi.core.models import PublicId, Stateful

if TYPE_CHECKING:
    from zhongshi.accounts.actors import Actor


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


class OrganizationQuerySet(models.QuerySet["Organization"]):
    """Organizations, narrowed by who looks."""

    def visible_to(self, actor: Actor | None) -> OrganizationQuerySet:
        """A zone's office sees those of its zone, everybody else their own; a visitor none."""
        if actor is None:
            return self.none()
        if actor.is_zone_admin:
            return self.filter(zone=actor.zone)
        return self.filter(pk=actor.organization.pk)


class Organization(Stateful):
    """An enterprise, an operator, a provider or a zone's office; contacts are released only after a choice.

    Whoever registers waits for the zone's office; rows that the office or the service itself enters are approved.
    """

    TRANSITIONS: ClassVar[dict[str, frozenset[str]]] = {
        OrganizationStatus.SUBMITTED: frozenset(
            {OrganizationStatus.APPROVED, OrganizationStatus.RETURNED, OrganizationStatus.CLOSED}
        ),
        OrganizationStatus.RETURNED: frozenset({OrganizationStatus.SUBMITTED, OrganizationStatus.CLOSED}),
        OrganizationStatus.APPROVED: frozenset({OrganizationStatus.SUSPENDED, OrganizationStatus.CLOSED}),
        OrganizationStatus.SUSPENDED: frozenset({OrganizationStatus.APPROVED, OrganizationStatus.CLOSED}),
        OrganizationStatus.CLOSED: frozenset(),
    }

    status = models.CharField(
        _("status"), max_length=20, choices=OrganizationStatus.choices, default=OrganizationStatus.APPROVED
    )
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganizationKind.choices)
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="organizations", verbose_name=_("zone"))
    credit_code = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    region = models.CharField(_("region"), max_length=20, blank=True)
    contact_name = models.CharField(_("contact"), max_length=100, blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=40, blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True)
    review_note = models.TextField(_("word of the zone's office"), blank=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=OrganizationStatus.values), name="organization_status_known"
            ),
            models.UniqueConstraint(
                fields=["credit_code"], condition=~models.Q(credit_code=""), name="organization_credit_code_once"
            ),
        ]
        indexes = [models.Index(fields=["zone", "status"], name="organization_queue")]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser, PublicId):
    """A person who signs in. `external_id`: the name a trusted gateway knows the person by, empty where none does."""

    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    external_id = models.CharField(_("name at the gateway"), max_length=200, blank=True)
    erased_at = models.DateTimeField(_("personal data erased at"), null=True, blank=True, editable=False)

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["external_id"], condition=~models.Q(external_id=""), name="user_external_id_once"
            )
        ]

    def get_full_name(self) -> str:
        """The name to be shown; of somebody who had the account erased only that."""
        return gettext("deleted account") if self.erased_at else super().get_full_name()


class Membership(models.Model):
    """What a person is in which organization. One each: who acts for two signs in as two."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="membership")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    is_manager = models.BooleanField(_("manages the organization"), default=False)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known")]

    def __str__(self) -> str:
        return f"{self.user} · {self.organization}"
