"""The words of the trade: terms with code, both names, version and source; and the forms people write."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from zhongshi.accounts.actors import Actor
from zhongshi.core.models import Stateful

from .enums import TermKind, WordStatus


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


class UnknownWordQuerySet(models.QuerySet["UnknownWord"]):
    def visible_to(self, actor: Actor | None) -> UnknownWordQuerySet:
        """To a zone's office: what listings or public needs say, what its own zone's needs say, what was added."""
        if actor is None or not actor.is_zone_admin:
            return self.none()
        seen_here = Sighting.objects.filter(word=OuterRef("pk"), zone_code__in=["", actor.zone.code])
        return self.filter(Q(seen_in_listings__gt=0) | Q(status=WordStatus.ADDED) | Exists(seen_here))

    def by_count(self) -> UnknownWordQuerySet:
        """The most seen first."""
        return self.order_by((F("seen_in_needs") + F("seen_in_listings")).desc(), "word", "pk")


class UnknownWord(Stateful):
    """A word of weight no term knew when it was read. It keeps the word and how often, never where it stood."""

    TRANSITIONS: ClassVar[dict[str, frozenset[str]]] = {
        WordStatus.OPEN: frozenset({WordStatus.ADDED, WordStatus.DISMISSED}),
        WordStatus.ADDED: frozenset({WordStatus.OPEN}),
        WordStatus.DISMISSED: frozenset({WordStatus.OPEN}),
    }

    word = models.CharField(_("word"), max_length=120)
    folded = models.CharField(_("folded form"), max_length=120, unique=True)
    seen_in_needs = models.PositiveIntegerField(_("needs"), default=0)
    seen_in_listings = models.PositiveIntegerField(_("listings"), default=0)
    first_seen_at = models.DateTimeField(_("first seen"), auto_now_add=True)
    last_seen_at = models.DateTimeField(_("last seen"), auto_now_add=True)
    # What a decision made, so that it can be undone: a form of `term`, or `term` itself where there is no `synonym`.
    term = models.ForeignKey(Term, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    synonym = models.ForeignKey(Synonym, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_zone = models.CharField(_("decided by zone"), max_length=20, blank=True)

    objects = UnknownWordQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("unknown word")
        verbose_name_plural = _("unknown words")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=WordStatus.values), name="unknown_word_status_known"),
        ]
        indexes = [models.Index(fields=["status", "-last_seen_at"], name="unknown_word_status")]

    def __str__(self) -> str:
        return self.word


class Sighting(models.Model):
    """That a word stood in some need or listing, so that each counts once however often it is read.

    `mark` is a keyed digest of word and source: it recognises the same pair again, but nobody can read from this row
    which need a word came from. `zone_code` is empty where everybody may read the source.
    """

    word = models.ForeignKey(UnknownWord, on_delete=models.CASCADE, related_name="sightings")
    mark = models.CharField(max_length=32, unique=True)
    zone_code = models.CharField(_("zone"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("sighting")
        verbose_name_plural = _("sightings")
        indexes = [models.Index(fields=["word", "zone_code"], name="sighting_word_zone")]
