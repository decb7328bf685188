"""What the enterprise says of a match: not for us, or please ask them for an offer."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .enums import UnfitReason


class Dismissal(models.Model):
    """A match the enterprise turned down, and why: the operator and the zone's figures learn from it."""

    match = models.OneToOneField("matching.Match", on_delete=models.CASCADE, related_name="dismissal")
    code = models.CharField(_("kind of reason"), max_length=12, choices=UnfitReason.choices)
    words = models.CharField(_("reason"), max_length=500, blank=True)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(_("said at"), auto_now_add=True)

    class Meta:
        verbose_name = _("match turned down")
        verbose_name_plural = _("matches turned down")
        constraints = [
            models.CheckConstraint(condition=Q(code__in=UnfitReason.values), name="dismissal_code_known"),
            models.CheckConstraint(
                condition=~Q(code=UnfitReason.OTHER) | ~Q(words=""), name="dismissal_other_has_words"
            ),
        ]

    def __str__(self) -> str:
        return self.words or str(UnfitReason(self.code).label)


class Inquiry(models.Model):
    """The enterprise wants an offer of this match; the zone's office is asked to hand it on."""

    match = models.OneToOneField("matching.Match", on_delete=models.CASCADE, related_name="inquiry")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)

    class Meta:
        verbose_name = _("inquiry")
        verbose_name_plural = _("inquiries")
