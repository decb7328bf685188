"""What a listing said when it was last published, so that a reviewer sees what is new."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ListingVersion(models.Model):
    """The words of a platform, capability or certificate at its last publication: {field: value or list of values}.

    No foreign key: three tables share it, and it is read only beside the listing it belongs to.
    """

    kind = models.CharField(_("kind of listing"), max_length=20)
    listing = models.UUIDField(_("listing"))
    record: models.JSONField[Any, Any] = models.JSONField(_("what it said"), default=dict)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(_("published at"))

    class Meta:
        verbose_name = _("published version")
        verbose_name_plural = _("published versions")
        constraints = [models.UniqueConstraint(fields=["kind", "listing"], name="listing_version_last")]

    def __str__(self) -> str:
        return f"{self.kind} {self.listing}"
