"""The capacity calendar (产能日历): what a line or one of its devices does in a week, and its private feed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core.models import PublicId

from .enums import SlotState


class CapacitySlot(models.Model):
    """What a capability, or one device of it, does in the week that begins on the Monday `week`.

    A week without a row says nothing. `FreePeriod`, which the engine reads, is kept in step by the services.
    """

    capability = models.ForeignKey("platforms.Capability", on_delete=models.CASCADE, related_name="slots")
    equipment = models.ForeignKey(
        "platforms.Equipment", on_delete=models.CASCADE, null=True, blank=True, related_name="slots"
    )
    week = models.DateField(_("week from"))
    state = models.CharField(_("state"), max_length=12, choices=SlotState.choices)
    note = models.CharField(_("note"), max_length=200, blank=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        ordering = ["week", "id"]
        verbose_name = _("week of capacity")
        verbose_name_plural = _("weeks of capacity")
        constraints = [
            models.UniqueConstraint(
                fields=["capability", "equipment", "week"], nulls_distinct=False, name="capacity_slot_once"
            ),
            models.CheckConstraint(condition=Q(state__in=SlotState.values), name="capacity_slot_state_known"),
            models.CheckConstraint(condition=Q(week__iso_week_day=1), name="capacity_slot_from_monday"),
        ]


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    """Feeds, narrowed by who looks."""

    def live(self) -> CalendarFeedQuerySet:
        """Those nobody has revoked."""
        return self.filter(revoked_at=None)

    def visible_to(self, actor: Actor | None) -> CalendarFeedQuerySet:
        """One's own organization's."""
        if actor is None or actor.role != Role.OPERATOR:
            return self.none()
        return self.filter(organization=actor.organization)


class CalendarFeed(PublicId):
    """A private address of an organization's bookings. Who knows the token reads them; only its digest is kept."""

    organization = models.ForeignKey("accounts.Organization", on_delete=models.CASCADE, related_name="calendar_feeds")
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=Q(revoked_at=None), name="calendar_feed_one_live"
            ),
        ]
