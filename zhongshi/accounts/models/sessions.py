"""From where somebody is signed in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhongshi.core.models import PublicId


class UserSessionQuerySet(models.QuerySet["UserSession"]):
    """Sessions that still are sessions."""

    def alive(self) -> UserSessionQuerySet:
        """Those whose cookie still signs in."""
        return self.filter(session__expire_date__gt=timezone.now())


class UserSession(PublicId):
    """What is shown of a session to its owner. It goes with the session."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sessions")
    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="+")
    user_agent = models.CharField(_("browser"), max_length=300, blank=True)
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    created_at = models.DateTimeField(_("first seen"), auto_now_add=True)
    seen_at = models.DateTimeField(_("last seen"))

    objects = UserSessionQuerySet.as_manager()

    class Meta:
        ordering = ["-seen_at"]
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
