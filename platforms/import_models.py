"""Imports: a file on its way into the catalogue, what it changed there, and what it would take to undo it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.models import Organization
from zhongshi.core.models import PublicId

from .enums import ChangeFate, ImportState


class ImportQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> ImportQuerySet:
        """One's own organization's imports."""
        if actor is None or actor.role not in {Role.OPERATOR, Role.PROVIDER, Role.ZONE_ADMIN}:
            return self.none()
        return self.filter(organization=actor.organization)

    def light(self) -> ImportQuerySet:
        """Without what a file of thousands of rows makes heavy."""
        return self.defer("rows", "errors", "failed_rows")


class ImportJob(PublicId):
    """A file of listings being loaded: its rows, how far it is, and what was wrong in which row.

    `columns` names the field of each column of the sheet (empty: kept aside), `fixes` what was mended on the way,
    `counts` how many rows became what, `failed_rows` the cells of rows that did not go in, by number.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="imports")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="imports")
    file_name = models.CharField(_("file"), max_length=200)
    sheet = models.CharField(_("sheet"), max_length=200, blank=True)
    headings: models.JSONField[Any, Any] = models.JSONField(_("headings"), default=list, blank=True)
    columns: models.JSONField[Any, Any] = models.JSONField(_("columns"), default=list, blank=True)
    fixes: models.JSONField[Any, Any] = models.JSONField(_("fixes"), default=list, blank=True)
    rows: models.JSONField[Any, Any] = models.JSONField(default=list)
    state = models.CharField(_("state"), max_length=10, choices=ImportState.choices, default=ImportState.WAITING)
    done = models.PositiveIntegerField(_("rows done"), default=0)
    total = models.PositiveIntegerField(_("rows"), default=0)
    counts: models.JSONField[Any, Any] = models.JSONField(_("outcome"), default=dict, blank=True)
    errors: models.JSONField[Any, Any] = models.JSONField(_("errors"), default=list)
    failed_rows: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ImportState.values), name="import_state_known"),
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportFile(models.Model):
    """The file itself and the cells of its chosen sheet, kept while its columns and mistakes are being sorted out."""

    job = models.OneToOneField(ImportJob, on_delete=models.CASCADE, related_name="file")
    content = models.BinaryField()
    sheets: models.JSONField[Any, Any] = models.JSONField(default=list)
    table: models.JSONField[Any, Any] = models.JSONField(default=list)


class ImportMapping(models.Model):
    """What an organization said the columns of a sheet with these headings mean; `headings` is their digest."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    headings = models.CharField(max_length=64)
    columns: models.JSONField[Any, Any] = models.JSONField(default=list)
    used_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "headings"], name="import_mapping_once"),
        ]


class ImportChange(models.Model):
    """What one import did to one platform. `before` holds all its rows as they were (null: there was none), `after`
    a digest of what the import left, by which a later change shows. The platform may be gone.
    """

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="changes")
    platform_id = models.BigIntegerField()
    platform_uuid = models.UUIDField()
    name = models.CharField(_("platform"), max_length=300)
    before: models.JSONField[Any, Any] = models.JSONField(null=True)
    after = models.CharField(max_length=64)
    fate = models.CharField(max_length=12, choices=ChangeFate.choices, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["job", "platform_id"], name="import_change_once"),
            models.CheckConstraint(condition=Q(fate__in=["", *ChangeFate.values]), name="import_change_fate_known"),
        ]


class RemovedCapability(models.Model):
    """A capability that is gone, and the clock when it went: whoever follows the catalogue must let go of it."""

    capability_id = models.BigIntegerField()
    version = models.BigIntegerField(db_index=True)
    removed_at = models.DateTimeField(auto_now_add=True)
