"""Needs (需求): text, conditions, revisions."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.models import Organization, Zone
from zhongshi.core.models import Stateful
from zhongshi.vocabulary.enums import ConditionKind, Operator

from .campaign_models import Campaign as Campaign
from .disclosure_models import Agreement as Agreement
from .disclosure_models import AgreementText as AgreementText
from .disclosure_models import Disclosure as Disclosure
from .disclosure_models import NeedTerms as NeedTerms
from .disclosure_models import ReadingReason as ReadingReason
from .enums import ConditionOrigin, NeedStatus, Visibility

_END = frozenset({NeedStatus.WITHDRAWN, NeedStatus.EXPIRED})


class NeedQuerySet(models.QuerySet["Need"]):
    """Needs, narrowed by who looks."""

    def visible_to(self, actor: Actor | None) -> NeedQuerySet:
        """An enterprise sees its own, a zone's office what was submitted in its zone; nobody else sees any here.

        Operators see needs through their leads only, and visitors only the public summary.
        """
        if actor is None:
            return self.none()
        if actor.role == Role.ENTERPRISE:
            return self.filter(organization=actor.organization)
        if actor.is_zone_admin:
            return self.filter(zone=actor.zone).exclude(status=NeedStatus.DRAFT)
        return self.none()

    def open(self) -> NeedQuerySet:
        """Those that look for a platform now."""
        return self.filter(status=NeedStatus.OPEN)

    def countable(self) -> NeedQuerySet:
        """Those that may enter a figure people outside their zone's office read: never a confidential one."""
        return self.exclude(visibility=Visibility.NDA)


class Need(Stateful):
    """What an enterprise wants to pilot. `revision` counts edits; a match belongs to the revision it was scored for."""

    TRANSITIONS: ClassVar[dict[str, frozenset[str]]] = {
        NeedStatus.DRAFT: frozenset({NeedStatus.SUBMITTED, *_END}),
        NeedStatus.SUBMITTED: frozenset({NeedStatus.OPEN, NeedStatus.RETURNED, *_END}),
        NeedStatus.RETURNED: frozenset({NeedStatus.SUBMITTED, *_END}),
        NeedStatus.OPEN: frozenset({NeedStatus.CONTRACTED, NeedStatus.RETURNED, *_END}),
        NeedStatus.CONTRACTED: frozenset({NeedStatus.COMPLETED}),
        NeedStatus.COMPLETED: frozenset(),
        NeedStatus.WITHDRAWN: frozenset(),
        NeedStatus.EXPIRED: frozenset(),
    }

    number = models.CharField(_("number"), max_length=20, unique=True)
    # Null and not "": the unique constraints below count only needs that have one.
    external_id = models.CharField(_("id in the exchange file"), max_length=100, null=True, blank=True)  # noqa: DJ001
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="needs")
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="needs")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="needs"
    )
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("description"))
    country = models.CharField(_("country"), max_length=10, default="CN", blank=True)
    region = models.CharField(_("region"), max_length=60, blank=True)
    visibility = models.CharField(
        _("who may read the full text"), max_length=10, choices=Visibility.choices, default=Visibility.MATCHED
    )
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, null=True, blank=True, related_name="needs", verbose_name=_("campaign")
    )
    revision = models.PositiveIntegerField(_("revision"), default=1)
    idempotency_key = models.CharField(max_length=100, null=True, blank=True, editable=False)  # noqa: DJ001
    body_digest = models.CharField(max_length=64, blank=True, editable=False)
    extra: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = NeedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=NeedStatus.values), name="need_status_known"),
            models.CheckConstraint(condition=Q(visibility__in=Visibility.values), name="need_visibility_known"),
            models.CheckConstraint(condition=Q(revision__gte=1), name="need_revision_positive"),
            models.UniqueConstraint(fields=["organization", "idempotency_key"], name="need_once_per_key"),
            models.UniqueConstraint(fields=["organization", "external_id"], name="need_once_per_external_id"),
        ]
        indexes = [models.Index(fields=["organization", "-id"], name="need_organization")]

    def __str__(self) -> str:
        # What the administration site calls a row in lists, logs and choices: no place for a confidential title.
        return self.number if self.visibility == Visibility.NDA else f"{self.number} {self.title}"


class Condition(models.Model):
    """One condition (条件) of a need's present revision."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="conditions")
    position = models.PositiveIntegerField()
    kind = models.CharField(_("kind"), max_length=20, choices=ConditionKind.choices)
    op = models.CharField(_("operator"), max_length=20, choices=Operator.choices, default=Operator.REQUIRE)
    is_hard = models.BooleanField(_("must be met"), default=False)
    value: models.JSONField[Any, Any] = models.JSONField(_("value"), null=True, blank=True)
    quantity = models.CharField(_("quantity"), max_length=40, blank=True)
    low = models.FloatField(_("from"), null=True, blank=True)
    high = models.FloatField(_("to"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    text = models.CharField(_("original words"), max_length=500, blank=True)
    span_start = models.PositiveIntegerField(null=True, blank=True)
    span_end = models.PositiveIntegerField(null=True, blank=True)
    confidence = models.FloatField(_("confidence"), default=1.0)
    origin = models.CharField(_("origin"), max_length=10, choices=ConditionOrigin.choices)
    extra: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["position"]
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")
        constraints = [
            models.UniqueConstraint(fields=["need", "position"], name="condition_position"),
            models.CheckConstraint(condition=Q(kind__in=ConditionKind.values), name="condition_kind_known"),
            models.CheckConstraint(condition=Q(op__in=Operator.values), name="condition_op_known"),
        ]


class NeedRevision(models.Model):
    """What a need said at one revision: kept, so that an answer can be held against what it answered."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField(_("revision"))
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("description"))
    conditions: models.JSONField[Any, Any] = models.JSONField(_("conditions"), default=list)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="need_revisions",
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        ordering = ["number"]
        verbose_name = _("revision of a need")
        verbose_name_plural = _("revisions of needs")
        constraints = [models.UniqueConstraint(fields=["need", "number"], name="revision_once_per_need")]


class NeedDraft(models.Model):
    """The sheet of a draft as it stood when it was last kept: also what is no condition yet. Gone once submitted.

    `form` names the open page that wrote it, `saves` counts writes: a second page finds out that it was slower.
    `is_settled` after a press of the button: what that page still had under way is older.
    """

    need = models.OneToOneField(Need, on_delete=models.CASCADE, related_name="sheet")
    form = models.CharField(max_length=100)
    saves = models.PositiveIntegerField(default=1)
    is_settled = models.BooleanField(default=False)
    typed: models.JSONField[Any, Any] = models.JSONField(default=dict)
    saved_at = models.DateTimeField(_("saved at"), auto_now=True)

    class Meta:
        verbose_name = _("sheet of a draft")
        verbose_name_plural = _("sheets of drafts")
