"""Matches and what leads to them: rules, scoring runs, questions, quotes."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from platforms.models import Capability
from requests.models import Need
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.models import Zone
from zhongshi.core.models import PublicId, Stateful

from .enums import AS_LEAD, RELEASED, DeclineReason, MatchStatus
from .owner_models import Dismissal as Dismissal
from .owner_models import Inquiry as Inquiry


class RulesQuerySet(models.QuerySet["RulesVersion"]):
    """Saved rules, narrowed by who looks."""

    def of_zone(self, zone: Zone) -> RulesQuerySet:
        """The zone's own and the installation's; the first active one is in force there."""
        rows = self.filter(Q(zone=zone) | Q(zone=None))
        return rows.order_by(F("zone").asc(nulls_last=True), "-number")

    def visible_to(self, actor: Actor | None) -> RulesQuerySet:
        """Those by which something of the actor's own zone may have been ranked."""
        return self.of_zone(actor.zone) if actor else self.none()


class RulesVersion(PublicId):
    """The weights of the score and the policy on matches. A saved version is never changed.

    One with a zone ranks that zone's needs; one without ranks the needs of zones that have saved none, and leaves
    their policy alone. `number` counts through the installation, so that a version's name means one thing everywhere.
    """

    number = models.PositiveIntegerField(_("number"), unique=True)
    zone = models.ForeignKey(
        Zone, on_delete=models.PROTECT, null=True, blank=True, related_name="rules_versions", verbose_name=_("zone")
    )
    weights: models.JSONField[Any, Any] = models.JSONField(_("weights"))
    approves_itself = models.BooleanField(_("approves good matches by itself"), null=True, blank=True)
    approval_score = models.PositiveSmallIntegerField(_("least score for that"), null=True, blank=True)
    lead_limit = models.PositiveSmallIntegerField(_("most open leads an operator gets"), null=True, blank=True)
    replaced = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("in force before")
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    is_active = models.BooleanField(_("in force"), default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="rules_versions",
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = RulesQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        verbose_name = _("rules version")
        verbose_name_plural = _("rules versions")
        constraints = [
            models.CheckConstraint(
                condition=Q(zone=None, approves_itself=None, approval_score=None, lead_limit=None)
                | Q(zone__isnull=False, approves_itself__isnull=False, approval_score__lte=100, lead_limit__gte=1),
                name="rules_policy_with_zone",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """How pages and the API call it: r7."""
        return f"r{self.number}"


class LearnedForm(models.Model):
    """A synonym the catalogue taught: of `listings` that write `form`, `together` declare `value`.

    It ranks, and never judges. A refused one is kept, so that it is not learned again.
    """

    kind = models.CharField(_("kind"), max_length=20)
    form = models.CharField(_("form"), max_length=120)
    value = models.CharField(_("probable meaning"), max_length=200)
    listings = models.PositiveIntegerField(_("listings that write it"))
    together = models.PositiveIntegerField(_("of these declare the meaning"))
    is_refused = models.BooleanField(_("refused"), default=False)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        ordering = ["-listings", "kind", "form"]
        verbose_name = _("learned synonym")
        verbose_name_plural = _("learned synonyms")
        constraints = [models.UniqueConstraint(fields=["kind", "form"], name="learned_form_once")]

    def __str__(self) -> str:
        return f"{self.form} ≈ {self.value}"


class ScoringRun(models.Model):
    """One scoring of one revision of a need: what it was computed with, how long it took, what it found."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="runs")
    revision = models.PositiveIntegerField(_("revision"))
    rules_version = models.CharField(_("rules version"), max_length=40)
    engine_version = models.CharField(_("engine version"), max_length=40)
    catalogue_version = models.BigIntegerField(_("catalogue version"), default=0)
    input_digest = models.CharField(max_length=64)
    duration_ms = models.FloatField(_("duration in ms"))
    candidates = models.PositiveIntegerField(_("candidates"))
    funnel: models.JSONField[Any, Any] = models.JSONField(_("funnel"), default=list)
    excluded: models.JSONField[Any, Any] = models.JSONField(_("excluded"), default=list)
    relaxations: models.JSONField[Any, Any] = models.JSONField(_("relaxations"), default=list)
    routes: models.JSONField[Any, Any] = models.JSONField(_("routes"), default=list)
    scored_at = models.DateTimeField(_("scored at"), auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("scoring run")
        verbose_name_plural = _("scoring runs")
        constraints = [models.UniqueConstraint(fields=["need", "revision"], name="run_once_per_revision")]


class MatchQuerySet(models.QuerySet["Match"]):
    """Matches, narrowed by who looks."""

    def for_need_owner(self, actor: Actor | None) -> MatchQuerySet:
        """Matches of needs this actor may see as their owner or their zone's office."""
        if actor is None:
            return self.none()
        if actor.role == Role.ENTERPRISE:
            return self.filter(need__organization=actor.organization)
        if actor.is_zone_admin:
            return self.filter(need__zone=actor.zone)
        return self.none()

    def for_review(self, actor: Actor | None) -> MatchQuerySet:
        """Matches a zone's administrator reviews."""
        if actor is None or not actor.is_zone_admin:
            return self.none()
        return self.filter(need__zone=actor.zone)

    def for_operator(self, actor: Actor | None) -> MatchQuerySet:
        """Leads: matches that passed review, of one's own capabilities."""
        if actor is None or actor.role != Role.OPERATOR:
            return self.none()
        # What was withdrawn or turned down before any review never was a lead, and stays unseen.
        own = self.filter(capability__platform__organization=actor.organization, status__in=AS_LEAD)
        return own.filter(reviewed_at__isnull=False)


class Match(Stateful):
    """A need and a capability that may fit, with why. Unique per pair; an answered one keeps its answer."""

    TRANSITIONS: ClassVar[dict[str, frozenset[str]]] = {
        MatchStatus.PROPOSED: frozenset(
            {MatchStatus.APPROVED, MatchStatus.REJECTED, MatchStatus.WITHDRAWN, MatchStatus.NOT_CHOSEN}
        ),
        MatchStatus.APPROVED: frozenset(
            {
                MatchStatus.ACCEPTED,
                MatchStatus.DECLINED,
                MatchStatus.QUOTED,
                MatchStatus.LAPSED,
                MatchStatus.WITHDRAWN,
                MatchStatus.NOT_CHOSEN,
            }
        ),
        MatchStatus.ACCEPTED: frozenset(
            {MatchStatus.QUOTED, MatchStatus.CHOSEN, MatchStatus.NOT_CHOSEN, MatchStatus.WITHDRAWN}
        ),
        MatchStatus.QUOTED: frozenset({MatchStatus.CHOSEN, MatchStatus.NOT_CHOSEN, MatchStatus.WITHDRAWN}),
        MatchStatus.CHOSEN: frozenset({MatchStatus.CONTRACTED}),
        MatchStatus.CONTRACTED: frozenset({MatchStatus.COMPLETED}),
        MatchStatus.REJECTED: frozenset(),
        MatchStatus.DECLINED: frozenset(),
        MatchStatus.LAPSED: frozenset(),
        MatchStatus.NOT_CHOSEN: frozenset(),
        MatchStatus.COMPLETED: frozenset(),
        MatchStatus.WITHDRAWN: frozenset({MatchStatus.PROPOSED}),
    }

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="matches")
    capability = models.ForeignKey(Capability, on_delete=models.PROTECT, related_name="matches")
    run = models.ForeignKey(ScoringRun, on_delete=models.PROTECT, related_name="matches")
    rank = models.PositiveIntegerField(_("rank"))
    score = models.FloatField(_("score"))
    components: models.JSONField[Any, Any] = models.JSONField(_("components of the score"), default=list)
    verdicts: models.JSONField[Any, Any] = models.JSONField(_("verdicts"), default=list)
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reviewed_matches",
    )
    review_note = models.TextField(_("note of the review"), blank=True)
    nominated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="nominated_matches",
    )
    answer_due_at = models.DateTimeField(_("answer due"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="answered_matches",
    )
    decline_reason = models.CharField(_("reason"), max_length=500, blank=True)
    decline_code = models.CharField(_("kind of reason"), max_length=20, choices=DeclineReason.choices, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = MatchQuerySet.as_manager()

    class Meta:
        ordering = ["need_id", "rank", "id"]
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        constraints = [
            models.UniqueConstraint(fields=["need", "capability"], name="match_once_per_pair"),
            models.UniqueConstraint(
                fields=["need"], condition=Q(status__in=sorted(RELEASED)), name="match_one_chosen_per_need"
            ),
            models.CheckConstraint(condition=Q(status__in=MatchStatus.values), name="match_status_known"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=100), name="match_score_0_to_100"),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=False)
                | Q(status__in=[MatchStatus.PROPOSED, MatchStatus.WITHDRAWN, MatchStatus.NOT_CHOSEN]),
                name="match_left_proposed_by_review",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="match_answer_has_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(status=MatchStatus.DECLINED) | ~Q(decline_reason=""),
                name="match_declined_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(decline_code__in=["", *DeclineReason.values]), name="match_decline_code_known"
            ),
        ]
        indexes = [
            models.Index(fields=["status", "answer_due_at"], name="match_clock"),
            models.Index(fields=["created_at"], name="match_created"),
        ]


class Question(PublicId):
    """What an operator asks before it answers, and the enterprise's reply."""

    match = models.ForeignKey(Match, on_delete=models.CASCADE, related_name="questions")
    text = models.TextField(_("question"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="questions_asked")
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="questions_answered",
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")


class Quote(PublicId):
    """An operator's offer (报价). The newest one of a match counts; older ones stay readable."""

    match = models.ForeignKey(Match, on_delete=models.CASCADE, related_name="quotes")
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    lines: models.JSONField[Any, Any] = models.JSONField(_("items"), default=list, blank=True)
    valid_until = models.DateField(_("valid until"))
    starts_on = models.DateField(_("start"), null=True, blank=True)
    days = models.PositiveIntegerField(_("working days"), null=True, blank=True)
    payment = models.CharField(_("terms of payment"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)
    quoted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="quotes")
    quoted_at = models.DateTimeField(_("quoted at"), auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        constraints = [models.CheckConstraint(condition=Q(amount__gte=0), name="quote_amount_not_negative")]
