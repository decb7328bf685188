"""What a confidential need rests on: the agreement's words, who signed them, and who read what."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.models import Organization, Zone
from zhongshi.core.models import PublicId, Stateful

from .enums import AgreementStatus, Medium, Stage


class AgreementText(PublicId):
    """A zone's own words of the agreement. A saved version is never changed; the newest one is signed from now on."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="agreement_texts", verbose_name=_("zone"))
    number = models.PositiveIntegerField(_("number"))
    chinese = models.TextField(_("Chinese text"))
    english = models.TextField(_("English text"), blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        verbose_name = _("text of the agreement")
        verbose_name_plural = _("texts of the agreement")
        constraints = [models.UniqueConstraint(fields=["zone", "number"], name="agreement_text_once")]

    def __str__(self) -> str:
        return f"{self.zone.code}/{self.number}"


class NeedTerms(models.Model):
    """What the enterprise asks beside the agreement: its own text, and to be asked before anything is disclosed."""

    need = models.OneToOneField("requests.Need", on_delete=models.CASCADE, related_name="terms")
    asks_first = models.BooleanField(_("ask me before each disclosure"), default=False)
    own_text = models.TextField(_("our own terms"), blank=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("terms of a need")
        verbose_name_plural = _("terms of needs")


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Signed agreements, narrowed by who looks."""

    def visible_to(self, actor: Actor | None) -> AgreementQuerySet:
        """Those about one's own needs, in one's own zone, or signed by one's own organization."""
        if actor is None:
            return self.none()
        if actor.role == Role.ENTERPRISE:
            return self.filter(need__organization=actor.organization)
        if actor.is_zone_admin:
            return self.filter(need__zone=actor.zone)
        return self.filter(organization=actor.organization)


class Agreement(Stateful):
    """An operator's signature for one need. `words` are what was signed, letter for letter, and `digest` their hash."""

    TRANSITIONS: ClassVar[dict[str, frozenset[str]]] = {
        AgreementStatus.WAITING: frozenset({AgreementStatus.ACTIVE, AgreementStatus.REFUSED}),
        AgreementStatus.ACTIVE: frozenset({AgreementStatus.REVOKED}),
        AgreementStatus.REFUSED: frozenset({AgreementStatus.ACTIVE}),
        AgreementStatus.REVOKED: frozenset({AgreementStatus.ACTIVE}),
    }

    status = models.CharField(_("status"), max_length=20, choices=AgreementStatus.choices)
    need = models.ForeignKey("requests.Need", on_delete=models.PROTECT, related_name="agreements")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="agreements")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="agreements")
    typed_name = models.CharField(_("name as typed"), max_length=100)
    signed_at = models.DateTimeField(_("signed at"), auto_now_add=True)
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    version = models.CharField(_("version of the text"), max_length=40)
    words = models.TextField(_("text that was signed"))
    digest = models.CharField(_("hash of the text"), max_length=64)
    revision = models.PositiveIntegerField(_("revision of the need"))

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("confidentiality agreement")
        verbose_name_plural = _("confidentiality agreements")
        constraints = [
            models.UniqueConstraint(fields=["need", "organization"], name="agreement_once_per_organization"),
            models.CheckConstraint(condition=Q(status__in=AgreementStatus.values), name="agreement_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.version}"


class DisclosureQuerySet(models.QuerySet["Disclosure"]):
    """The record of who read what, narrowed by who looks."""

    def visible_to(self, actor: Actor | None) -> DisclosureQuerySet:
        """An enterprise sees who read its needs, a zone's office those of its zone."""
        if actor is None:
            return self.none()
        if actor.role == Role.ENTERPRISE:
            return self.filter(need__organization=actor.organization)
        return self.filter(need__zone=actor.zone) if actor.is_zone_admin else self.none()


class Disclosure(PublicId):
    """One reading of a confidential need by somebody else than its owner. Inserted before the words leave the house;
    never changed and never folded here: lists fold, rows stay.
    """

    need = models.ForeignKey("requests.Need", on_delete=models.PROTECT, related_name="disclosures")
    revision = models.PositiveIntegerField(_("revision"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="disclosures")
    # Null: somebody of no organization, such as the superuser.
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="disclosures"
    )
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices)
    fields: models.JSONField[Any, Any] = models.JSONField(_("fields"), default=list)
    medium = models.CharField(_("read by way of"), max_length=10, choices=Medium.choices)
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    at = models.DateTimeField(_("time"), auto_now_add=True)

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="disclosure_stage_known"),
            models.CheckConstraint(condition=Q(medium__in=Medium.values), name="disclosure_medium_known"),
        ]
        indexes = [models.Index(fields=["need", "-id"], name="disclosure_need")]


class ReadingReason(models.Model):
    """Why somebody of the office opens a confidential need; good for one need and some hours."""

    need = models.ForeignKey("requests.Need", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    given_at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("reason for reading")
        verbose_name_plural = _("reasons for reading")
        indexes = [models.Index(fields=["need", "user", "-id"], name="reading_reason")]
