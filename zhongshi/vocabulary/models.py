"""The words of the trade: terms with code, both names, version and source; and the forms people write."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from .enums import TermKind


class Term(models.Model):
    """One controlled word. `attributes` keeps what only its kind has (a region's cluster, a unit's factor)."""

    kind = models.CharField(_("kind"), max_length=20, choices=TermKind.choices)
    code = models.CharField(_("code"), max_length=60)
    name_zh = models.CharField(_("Chinese name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    parent = models.CharField(_("broader term's code"), max_length=60, blank=True)
    attributes: models.JSONField[Any, Any] = models.JSONField(_("attributes"), default=dict, blank=True)
    version = models.CharField(_("version"), max_length=20, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    is_edited = models.BooleanField(_("edited here"), default=False)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        ordering = ["kind", "id"]
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        constraints = [
            models.UniqueConstraint(fields=["kind", "code"], name="term_once_per_kind"),
            models.CheckConstraint(condition=models.Q(kind__in=TermKind.values), name="term_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name_zh


class Synonym(models.Model):
    """A form under which people write a term."""

    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="synonyms", verbose_name=_("term"))
    form = models.CharField(_("form"), max_length=120)
    language = models.CharField(_("language"), max_length=10, default="zh")
    source = models.CharField(_("source"), max_length=200, blank=True)
    is_edited = models.BooleanField(_("edited here"), default=False)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        constraints = [models.UniqueConstraint(fields=["term", "form"], name="synonym_once_per_term")]

    def __str__(self) -> str:
        return self.form
