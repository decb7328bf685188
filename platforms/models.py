"""What a platform is and can do: every fact a row with its source, date and words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Organization, Zone
from zhongshi.core.models import Stateful
from zhongshi.vocabulary.units import range_in_base

from .calendar_models import CalendarFeed as CalendarFeed
from .calendar_models import CapacitySlot as CapacitySlot
from .enums import CertificateStatus, FactKind, FactSource, ListingStatus, OperatorKind
from .import_models import ImportChange as ImportChange
from .import_models import ImportFile as ImportFile
from .import_models import ImportJob as ImportJob
from .import_models import ImportMapping as ImportMapping
from .import_models import RemovedCapability as RemovedCapability
from .version_models import ListingVersion as ListingVersion

LISTING_TRANSITIONS: dict[str, frozenset[str]] = {
    ListingStatus.DRAFT: frozenset({ListingStatus.SUBMITTED, ListingStatus.PUBLISHED}),
    ListingStatus.SUBMITTED: frozenset({ListingStatus.PUBLISHED, ListingStatus.RETURNED}),
    ListingStatus.RETURNED: frozenset({ListingStatus.SUBMITTED}),
    ListingStatus.PUBLISHED: frozenset({ListingStatus.SUSPENDED}),
    ListingStatus.SUSPENDED: frozenset({ListingStatus.PUBLISHED}),
}
# A paper is looked at by two people: the first checks it, the second publishes it.
CERTIFICATE_TRANSITIONS = LISTING_TRANSITIONS | {
    CertificateStatus.SUBMITTED: frozenset({CertificateStatus.CHECKED, CertificateStatus.RETURNED}),
    CertificateStatus.CHECKED: frozenset({CertificateStatus.PUBLISHED, CertificateStatus.RETURNED}),
}


class CatalogueClock(models.Model):
    """One row that counts changes of the catalogue.

    Every writer of a listing updates it first, hence waits for the writer before: versions are committed in the
    order of their numbers, and "everything above what I last saw" misses nothing.
    """

    value = models.BigIntegerField(default=0)


class ListingQuerySet(models.QuerySet[Any]):
    """Rows of supply, narrowed by who looks."""

    def published(self) -> ListingQuerySet:
        """What any visitor may see."""
        return self.filter(status=ListingStatus.PUBLISHED)


class PlatformQuerySet(ListingQuerySet):
    def visible_to(self, actor: Actor | None) -> PlatformQuerySet:
        """Published ones for everybody; one's own, and a zone's for its office, in every state."""
        published = Q(status=ListingStatus.PUBLISHED)
        if actor is None:
            return self.filter(published)
        own = Q(organization=actor.organization)
        return self.filter(published | own | (Q(zone=actor.zone) if actor.is_zone_admin else Q(pk__in=[])))


class CapabilityQuerySet(ListingQuerySet):
    def published(self) -> CapabilityQuerySet:
        """Published capabilities of published platforms."""
        return self.filter(status=ListingStatus.PUBLISHED, platform__status=ListingStatus.PUBLISHED)

    def visible_to(self, actor: Actor | None) -> CapabilityQuerySet:
        """As for platforms."""
        published = Q(status=ListingStatus.PUBLISHED, platform__status=ListingStatus.PUBLISHED)
        if actor is None:
            return self.filter(published)
        own = Q(platform__organization=actor.organization)
        zone = Q(platform__zone=actor.zone) if actor.is_zone_admin else Q(pk__in=[])
        return self.filter(published | own | zone)


class Platform(Stateful):
    """A pilot platform (中试平台) and who runs it. `source_*` says where the listing comes from and how sure it is."""

    TRANSITIONS: ClassVar[dict[str, frozenset[str]]] = LISTING_TRANSITIONS

    external_id = models.CharField(_("id in the exchange file"), max_length=100, unique=True, null=True, blank=True)
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="platforms", verbose_name=_("zone"))
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="platforms",
        verbose_name=_("operator on this service"),
    )
    name = models.CharField(_("name"), max_length=300)
    operator_name = models.CharField(_("operator"), max_length=300, blank=True)
    operator_kind = models.CharField(
        _("kind of operator"), max_length=20, choices=OperatorKind.choices, default=OperatorKind.UNKNOWN
    )
    country = models.CharField(_("country"), max_length=10, blank=True)
    region = models.CharField(_("region"), max_length=60, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    chains: models.JSONField[Any, Any] = models.JSONField(_("industry chains"), default=list, blank=True)
    level = models.CharField(_("level"), max_length=60, blank=True)
    operating_status = models.CharField(_("operating status"), max_length=120, blank=True)
    source_url = models.CharField(_("source"), max_length=500, blank=True)
    source_date = models.CharField(_("date of the source"), max_length=40, blank=True)
    source_grade = models.CharField(_("grade of the source"), max_length=20, blank=True)
    is_confirmed = models.BooleanField(_("confirmed by the operator"), default=False)
    extra: models.JSONField[Any, Any] = models.JSONField(_("further fields"), default=dict, blank=True)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    dated_on = models.DateField(_("dates taken up on"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = PlatformQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("pilot platform")
        verbose_name_plural = _("pilot platforms")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ListingStatus.values), name="platform_status_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Capability(Stateful):
    """Something a platform can do (服务能力). `version` is the catalogue clock at its last change."""

    TRANSITIONS: ClassVar[dict[str, frozenset[str]]] = LISTING_TRANSITIONS

    external_id = models.CharField(_("id in the exchange file"), max_length=100, unique=True, null=True, blank=True)
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="capabilities")
    name = models.CharField(_("name"), max_length=300)
    summary = models.TextField(_("summary"), blank=True)
    small_batch = models.BooleanField(_("small batches for sale allowed"), null=True, blank=True)
    trl_from = models.PositiveSmallIntegerField(_("TRL from"), null=True, blank=True)
    trl_to = models.PositiveSmallIntegerField(_("TRL to"), null=True, blank=True)
    price: models.JSONField[Any, Any] = models.JSONField(_("price"), null=True, blank=True)
    is_availability_known = models.BooleanField(_("availability known"), default=False)
    position = models.PositiveIntegerField(default=0)
    extra: models.JSONField[Any, Any] = models.JSONField(_("further fields"), default=dict, blank=True)
    version = models.BigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = CapabilityQuerySet.as_manager()

    class Meta:
        ordering = ["platform_id", "position", "id"]
        verbose_name = _("capability")
        verbose_name_plural = _("capabilities")
        indexes = [models.Index(fields=["version"], name="capability_version")]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ListingStatus.values), name="capability_status_known"),
            models.CheckConstraint(
                condition=Q(trl_from__isnull=True) | Q(trl_to__isnull=True) | Q(trl_from__lte=F("trl_to")),
                name="capability_trl_ordered",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def stated_facts(self) -> list[Fact]:
        """What it says of itself, without the phrases nobody could read; fetched once where `facts` is prefetched."""
        return [fact for fact in self.facts.all() if fact.kind != FactKind.PHRASE]


class FactQuerySet(models.QuerySet["Fact"]):
    """Facts; those that count (`standing`) are neither denied nor out of date."""

    def standing(self) -> FactQuerySet:
        """What a search may find; never a phrase nobody could read."""
        return self.filter(is_negated=False, is_lapsed=False).exclude(kind=FactKind.PHRASE)

    def bulk_create(self, objs: Iterable[Fact], *args: Any, **kwargs: Any) -> list[Fact]:
        """As Django's, with the range in base units as `save` stores it."""
        rows = list(objs)
        for row in rows:
            row.convert()
        return super().bulk_create(rows, *args, **kwargs)


class Fact(models.Model):
    """One fact of a capability: a value, or a quantity with a range (null bound: open), in its original words.

    `dimension`, `base_low` and `base_high` repeat the range in base units, to be searched by.
    """

    capability = models.ForeignKey(Capability, on_delete=models.CASCADE, related_name="facts")
    kind = models.CharField(_("kind"), max_length=20, choices=FactKind.choices)
    value = models.CharField(_("value"), max_length=200, blank=True)
    quantity = models.CharField(_("quantity"), max_length=40, blank=True)
    low = models.FloatField(_("from"), null=True, blank=True)
    high = models.FloatField(_("to"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    count = models.FloatField(_("number of units"), null=True, blank=True)
    dimension = models.CharField(max_length=20, blank=True, editable=False)
    base_low = models.FloatField(null=True, blank=True, editable=False)
    base_high = models.FloatField(null=True, blank=True, editable=False)
    text = models.TextField(_("original words"), blank=True)
    source = models.CharField(_("source"), max_length=10, choices=FactSource.choices, default=FactSource.DECLARED)
    source_date = models.CharField(_("date"), max_length=40, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_negated = models.BooleanField(_("stated as absent"), default=False)
    is_lapsed = models.BooleanField(_("its certificate has run out"), default=False)
    confidence = models.FloatField(_("confidence"), default=1.0)
    field = models.CharField(_("read from"), max_length=40, blank=True)
    position = models.PositiveIntegerField(default=0)
    extra: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        indexes = [
            models.Index(fields=["kind", "value"], name="fact_kind_value"),
            models.Index(
                fields=["quantity", "dimension", "base_high"], name="fact_size", condition=Q(kind=FactKind.PARAMETER)
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=FactKind.values), name="fact_kind_known"),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=F("high")),
                name="fact_range_ordered",
            ),
        ]

    def __str__(self) -> str:
        return self.text or self.value

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.convert()
        super().save(*args, **kwargs)

    def convert(self) -> None:
        """Bring the range to base units."""
        if self.kind == FactKind.PARAMETER:
            self.dimension, self.base_low, self.base_high = range_in_base(self.quantity, self.low, self.high, self.unit)


class FreePeriod(models.Model):
    """Days on which a capability can be booked (档期), both ends included."""

    capability = models.ForeignKey(Capability, on_delete=models.CASCADE, related_name="free_periods")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))

    class Meta:
        ordering = ["starts_on"]
        verbose_name = _("free period")
        verbose_name_plural = _("free periods")
        indexes = [models.Index(fields=["ends_on"], name="free_period_end")]
        constraints = [
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="free_period_ordered"),
        ]


class Equipment(models.Model):
    """A device of a capability."""

    capability = models.ForeignKey(Capability, on_delete=models.CASCADE, related_name="equipment")
    name = models.CharField(_("name"), max_length=200)
    model = models.CharField(_("model"), max_length=120, blank=True)
    count = models.PositiveIntegerField(_("count"), default=1)
    is_bookable = models.BooleanField(_("bookable"), default=False)
    extra: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("equipment")
        verbose_name_plural = _("equipment")

    def __str__(self) -> str:
        return self.name


class Certificate(Stateful):
    """A qualification with its paper: number, issuer, scope, validity. One `entered_by` somebody outlives imports."""

    TRANSITIONS: ClassVar[dict[str, frozenset[str]]] = CERTIFICATE_TRANSITIONS

    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="certificates")
    qualification = models.CharField(_("qualification"), max_length=60)
    number = models.CharField(_("number"), max_length=100, blank=True)
    issuer = models.CharField(_("issuer"), max_length=200, blank=True)
    scope = models.TextField(_("scope"), blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    renews = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="renewals")
    extra: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        indexes = [models.Index(fields=["valid_until"], name="certificate_end")]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=CertificateStatus.values), name="certificate_status_known"),
            models.CheckConstraint(
                condition=~Q(status=CertificateStatus.CHECKED) | Q(checked_by__isnull=False),
                name="certificate_checked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | Q(published_by__isnull=True) | ~Q(published_by=F("checked_by")),
                name="certificate_by_two_people",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_from__lte=F("valid_until")),
                name="certificate_validity_ordered",
            ),
        ]

    def __str__(self) -> str:
        return self.qualification

    def holds_on(self, day: date) -> bool:
        """Whether the paper is valid on that day; a date it does not state is no limit."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )
