"""Shapes of the catalogue: what a visitor reads of platforms, capabilities and their facts. No contacts anywhere."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from rest_framework import serializers

from platforms.enums import FactKind, FactSource, ImportState
from platforms.facets import FACETS
from platforms.models import Capability, Fact, ImportJob, Platform
from platforms.search import SORTS, Search
from platforms.sizes import size_from

_VALUES = {"stages": FactKind.STAGE, "services": FactKind.SERVICE, "processes": FactKind.PROCESS}
_VALUES |= {"materials": FactKind.MATERIAL, "qualifications": FactKind.QUALIFICATION}


class SearchQuery(serializers.Serializer[Any]):
    """The query string of a search; a filter may stand several times, meaning any of its values (of papers: all)."""

    q = serializers.CharField(required=False, allow_blank=True, default="")
    sort = serializers.ChoiceField(choices=list(SORTS), required=False, default="relevance")
    chain = serializers.ListField(child=serializers.CharField(allow_blank=True), required=False)
    service = serializers.ListField(child=serializers.CharField(allow_blank=True), required=False)
    stage = serializers.ListField(child=serializers.CharField(allow_blank=True), required=False)
    process = serializers.ListField(child=serializers.CharField(allow_blank=True), required=False)
    qualification = serializers.ListField(child=serializers.CharField(allow_blank=True), required=False)
    region = serializers.ListField(child=serializers.CharField(allow_blank=True), required=False)

    quantity = serializers.CharField(required=False, allow_blank=True, default="")
    bound = serializers.CharField(required=False, allow_blank=True, default="")
    value = serializers.CharField(required=False, allow_blank=True, default="")
    unit = serializers.CharField(required=False, allow_blank=True, default="")

    def search(self) -> Search:
        """What was asked for; blank values of a form's empty fields ask for nothing.

        Raises InvalidInput for a size that cannot be read.
        """
        asked = self.validated_data
        size = size_from(
            quantity=asked["quantity"], value=asked["value"], unit=asked["unit"], bound=asked["bound"] or "min"
        )
        filters: dict[str, Any] = {name: tuple(value for value in asked.get(name, []) if value) for name in FACETS}
        return Search(words=asked["q"], size=size, sort=asked["sort"], **filters)


class SourceBody(serializers.Serializer[Platform]):
    """Where the listing comes from and how sure it is."""

    url = serializers.CharField(source="source_url")
    date = serializers.CharField(source="source_date")
    grade = serializers.CharField(source="source_grade")


class FactBody(serializers.Serializer[Fact]):
    """One fact: a value, or a quantity with bounds (null: open), with its words, source and date."""

    kind = serializers.ChoiceField(choices=[kind for kind in FactKind.values if kind != FactKind.PHRASE])
    value = serializers.CharField()
    quantity = serializers.CharField()
    min = serializers.FloatField(source="low", allow_null=True)
    max = serializers.FloatField(source="high", allow_null=True)
    unit = serializers.CharField()
    count = serializers.FloatField(allow_null=True)
    text = serializers.CharField(help_text="The original words.")
    # DRF takes declared fields off the class: a field may be called like one of its own attributes.
    source = serializers.ChoiceField(  # type: ignore[assignment]
        choices=FactSource.values, help_text="declared: in the source; read: from the text; answered: by the operator."
    )
    date = serializers.CharField(source="source_date")
    confirmed_at = serializers.DateTimeField(allow_null=True)
    negated = serializers.BooleanField(source="is_negated", help_text="The source says it is not there.")
    lapsed = serializers.BooleanField(source="is_lapsed", help_text="Its certificate has run out: it proves nothing.")
    confidence = serializers.FloatField()


class ParameterBody(serializers.Serializer[Fact]):
    """A quantity of a capability."""

    quantity = serializers.CharField()
    min = serializers.FloatField(source="low", allow_null=True)
    max = serializers.FloatField(source="high", allow_null=True)
    unit = serializers.CharField()
    count = serializers.FloatField(allow_null=True)
    text = serializers.CharField()


class PlatformHead(serializers.Serializer[Platform]):
    """What a result card shows of the platform."""

    id = serializers.UUIDField(source="uuid")
    external_id = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    operator = serializers.CharField(source="operator_name")
    operator_kind = serializers.CharField()
    country = serializers.CharField()
    region = serializers.CharField()
    city = serializers.CharField()
    chains = serializers.ListField(child=serializers.CharField())
    level = serializers.CharField()


class CapabilityCard(serializers.Serializer[Capability]):
    """One result of a search; needs `platform` selected and `facts` prefetched."""

    id = serializers.UUIDField(source="uuid")
    external_id = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    summary = serializers.CharField()
    platform = PlatformHead()
    stages = serializers.SerializerMethodField()
    services = serializers.SerializerMethodField()
    processes = serializers.SerializerMethodField()
    materials = serializers.SerializerMethodField()
    qualifications = serializers.SerializerMethodField()
    parameters = serializers.SerializerMethodField()
    trl = serializers.SerializerMethodField()
    price = serializers.JSONField(allow_null=True, help_text="Amount and unit, where stated.")
    small_batch = serializers.BooleanField(allow_null=True)
    verified = serializers.BooleanField(
        source="platform.is_confirmed", help_text="The operator has confirmed the listing."
    )

    def get_stages(self, row: Capability) -> list[str]:
        """Codes, each once."""
        return _values(row, "stages")

    def get_services(self, row: Capability) -> list[str]:
        """Names, each once."""
        return _values(row, "services")

    def get_processes(self, row: Capability) -> list[str]:
        """Names, each once."""
        return _values(row, "processes")

    def get_materials(self, row: Capability) -> list[str]:
        """Names, each once."""
        return _values(row, "materials")

    def get_qualifications(self, row: Capability) -> list[str]:
        """Codes, each once; never what the source says is absent, nor what a certificate proved that has run out."""
        return _values(row, "qualifications")

    def get_parameters(self, row: Capability) -> list[dict[str, Any]]:
        """Quantities; one read from the words only where the source declares none of its kind."""
        facts = [fact for fact in row.facts.all() if fact.kind == FactKind.PARAMETER and not fact.is_negated]
        declared = {fact.quantity for fact in facts if fact.source != FactSource.READ}
        shown = [fact for fact in facts if fact.source != FactSource.READ or fact.quantity not in declared]
        return [dict(self._parameter.to_representation(fact)) for fact in shown]

    @cached_property
    def _parameter(self) -> ParameterBody:
        """One for all rows of a page: to build one takes longer than to use it."""
        return ParameterBody()

    def get_trl(self, row: Capability) -> list[int | None]:
        """From and to; null where not stated."""
        return [row.trl_from, row.trl_to]


def _values(row: Capability, name: str) -> list[str]:
    facts = [fact for fact in row.facts.all() if fact.kind == _VALUES[name] and fact.value]
    return list(dict.fromkeys(fact.value for fact in facts if not (fact.is_negated or fact.is_lapsed)))


class PeriodBody(serializers.Serializer[Any]):
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()


class CapabilityBody(CapabilityCard):
    """A capability with all its facts, each with its source and date."""

    facts = FactBody(source="stated_facts", many=True)
    availability = PeriodBody(source="free_periods", many=True)
    availability_known = serializers.BooleanField(source="is_availability_known")
    source = SourceBody(source="platform")  # type: ignore[assignment]


class PlatformCapability(serializers.Serializer[Capability]):
    """A capability as its platform's page lists it."""

    id = serializers.UUIDField(source="uuid")
    external_id = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    summary = serializers.CharField()
    facts = FactBody(source="stated_facts", many=True)


class CertificateBody(serializers.Serializer[Any]):
    qualification = serializers.CharField()
    number = serializers.CharField()
    issuer = serializers.CharField()
    scope = serializers.CharField()
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)


class PlatformBody(PlatformHead):
    """A platform with its source and what it can do; needs `capabilities`, their facts, `certificates` prefetched."""

    operating_status = serializers.CharField()
    source = SourceBody(source="*")  # type: ignore[assignment]
    verified = serializers.BooleanField(source="is_confirmed")
    certificates = CertificateBody(many=True)
    capabilities = PlatformCapability(many=True)


class ImportQuery(serializers.Serializer[Any]):
    """The multipart body of an import."""

    file = serializers.FileField(allow_empty_file=True, help_text=".xlsx, .csv, or JSON Lines (also .gz).")


class ImportAccepted(serializers.Serializer[ImportJob]):
    id = serializers.UUIDField(source="uuid")
    state = serializers.ChoiceField(choices=ImportState.values)


class ImportErrorBody(serializers.Serializer[Any]):
    row = serializers.IntegerField(help_text="The row of the sheet (its first row is 1) or the line of the file.")
    column = serializers.CharField(help_text="The column's name, or the path of the field; empty: the whole row.")
    problem = serializers.CharField()


class ImportBody(ImportAccepted):
    """How far an import is, and what was wrong in which row."""

    file_name = serializers.CharField()
    done = serializers.IntegerField(help_text="Rows dealt with, good and bad.")
    total = serializers.IntegerField()
    errors = ImportErrorBody(many=True)  # type: ignore[assignment]
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
