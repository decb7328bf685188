"""Seals of the audit trail."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditSeal(models.Model):
    """One link of the chain over the trail: `digest` covers `previous` and all of the entry, see `audit_chain`.

    A table of its own, because entries are never changed, not even to be sealed. No foreign key: a seal must
    outlive an entry that somebody removed, so that the gap shows.
    """

    sequence = models.BigIntegerField(_("number"), primary_key=True)
    entry_id = models.BigIntegerField(_("entry"), unique=True)
    previous = models.CharField(_("digest before"), max_length=64, blank=True)
    digest = models.CharField(_("digest"), max_length=64)
    sealed_at = models.DateTimeField(_("sealed at"), auto_now_add=True)

    class Meta:
        verbose_name = _("seal of the audit trail")
        verbose_name_plural = _("seals of the audit trail")
