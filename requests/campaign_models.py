"""Campaigns (征集): a zone asks for needs on a theme within a time, and reports what became of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Zone
from zhongshi.core.models import PublicId


class CampaignQuerySet(models.QuerySet["Campaign"]):
    """Campaigns, narrowed by who looks."""

    def visible_to(self, actor: Actor | None) -> CampaignQuerySet:
        """Public ones for everybody; a zone's own, public or not, for its office."""
        listed = Q(is_public=True)
        return self.filter(listed | Q(zone=actor.zone)) if actor and actor.is_zone_admin else self.filter(listed)

    def run_by(self, actor: Actor | None) -> CampaignQuerySet:
        """Those of the office's own zone."""
        return self.filter(zone=actor.zone) if actor and actor.is_zone_admin else self.none()

    def open_on(self, day: date) -> CampaignQuerySet:
        """Public ones that take needs on that day."""
        return self.filter(is_public=True, opens_on__lte=day, closes_on__gte=day)


class Campaign(PublicId):
    """What a zone collects needs for. Both days belong to it; needs join while it is open, or by the office's hand."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="campaigns", verbose_name=_("zone"))
    title = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    text = models.TextField(_("what is wanted"))
    text_en = models.TextField(_("what is wanted, in English"), blank=True)
    chains: models.JSONField[Any, Any] = models.JSONField(_("industry chains"), default=list, blank=True)
    opens_on = models.DateField(_("opens on"))
    closes_on = models.DateField(_("closes on"))
    is_public = models.BooleanField(_("on the public list"), default=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="campaigns")
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_on", "-id"]
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints = [
            models.CheckConstraint(condition=Q(opens_on__lte=F("closes_on")), name="campaign_days_ordered"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def shown_title(self) -> str:
        """The title in the active language, in Chinese where there is no other."""
        return self.title_en if self.title_en and (get_language() or "").startswith("en") else self.title

    @property
    def shown_text(self) -> str:
        """The text in the active language, in Chinese where there is no other."""
        return self.text_en if self.text_en and (get_language() or "").startswith("en") else self.text

    def is_open_on(self, day: date) -> bool:
        """Whether needs may be posted into it on that day."""
        return self.is_public and self.opens_on <= day <= self.closes_on
