"""How much of what may be done often was done; by digests, which name nobody."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RateBudget(models.Model):
    """A budget that refills evenly. `spent_until`: when it will be full again; in the past, it is full."""

    key = models.CharField(_("key"), max_length=64, primary_key=True)
    spent_until = models.DateTimeField(_("spent until"), db_index=True)

    class Meta:
        verbose_name = _("rate budget")
        verbose_name_plural = _("rate budgets")


class SignInPause(models.Model):
    """Tries to sign in to one account since the last right one, and until when no further one is looked at."""

    key = models.CharField(_("key"), max_length=64, primary_key=True)
    tries = models.PositiveIntegerField(_("tries"))
    until = models.DateTimeField(_("until"))
    tried_at = models.DateTimeField(_("last try"), db_index=True)

    class Meta:
        verbose_name = _("pause of an account")
        verbose_name_plural = _("pauses of accounts")
