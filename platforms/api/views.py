"""Search, listings, imports."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from platforms.enums import ListingStatus
from platforms.facets import FACETS
from platforms.models import Capability, Certificate, ImportJob, Platform
from platforms.rules import may_import
from platforms.search import SORTS, Search, count_facets, found_by_text, listed
from platforms.services.import_drafts import import_submit
from platforms.sizes import BOUNDS
from zhongshi.accounts.api.base import MemberView, OpenView, found, paged
from zhongshi.accounts.api.documents import pages_of
from zhongshi.accounts.throttles import OrganizationThrottle
from zhongshi.core.errors import NotAllowed, TooLarge
from zhongshi.core.shapes import ErrorBody

from .serializers import CapabilityBody, CapabilityCard, ImportAccepted, ImportBody, ImportQuery, PlatformBody
from .serializers import SearchQuery as Query

_FILTER_WORDS = {
    "chain": "Industry chain, by name.",
    "service": "Kind of service, by name, e.g. `工艺放大熟化`.",
    "stage": "Stage code, e.g. `PILOT`.",
    "process": "Unit operation, by name, e.g. `发酵`.",
    "qualification": "Qualification code, e.g. `GMP`.",
    "region": "Six digits of GB/T 2260 (a province takes in its cities), or a country's two letters.",
}

_SIZE_WORDS = {
    "quantity": "With `value`: what is measured, e.g. `volume`, `temperature`, `pressure`, `mass_per_batch`.",
    "value": "A number; the listing's range must reach it, in any unit of the same kind.",
    "unit": "The unit of `value`, e.g. `L`, `m3`, `升`; the quantity's base unit if not given.",
}


class CapabilitiesView(OpenView):
    """找服务: find a capability."""

    @extend_schema(
        operation_id="capabilities_search",
        summary="Search published capabilities",
        description=(
            "Every word of `q` must occur; several values of one filter mean any of them, several filters all; "
            "of several qualifications all must be there. "
            "`facets` counts, for each value of each filter, what would be left with it."
        ),
        parameters=[
            OpenApiParameter("q", OpenApiTypes.STR, description="Words, separated by spaces."),
            *[OpenApiParameter(name, OpenApiTypes.STR, description=_FILTER_WORDS[name], many=True) for name in FACETS],
            *[OpenApiParameter(name, OpenApiTypes.STR, description=words) for name, words in _SIZE_WORDS.items()],
            OpenApiParameter(
                "bound", OpenApiTypes.STR, enum=list(BOUNDS), description="`min`: at least; `max`: at most."
            ),
            OpenApiParameter("sort", OpenApiTypes.STR, enum=list(SORTS), description="`relevance` if not given."),
            *pages_of(),
        ],
        responses={
            200: inline_serializer(
                "CapabilityPage",
                {
                    "count": serializers.IntegerField(),
                    "facets": serializers.DictField(
                        child=serializers.DictField(child=serializers.IntegerField()),
                        help_text="{filter: {value: count}}, most first.",
                    ),
                    "results": CapabilityCard(many=True),
                },
            ),
            400: ErrorBody,
        },
        tags=["catalogue"],
        auth=[],
        filters=False,
    )
    def get(self, request: Request) -> Response:
        """Answer one page of what fits, and the counts of all filters."""
        search = _asked(request)
        among = found_by_text(search)
        rows = Capability.objects.published().select_related("platform").prefetch_related("facts")
        return paged(self, listed(search, among, rows), CapabilityCard, facets=count_facets(search, among))


def _asked(request: Request) -> Search:
    once = ("q", "sort", "bound", *_SIZE_WORDS)
    given: dict[str, Any] = {name: request.query_params[name] for name in once if name in request.query_params}
    given |= {name: request.query_params.getlist(name) for name in FACETS}
    query = Query(data=given)
    query.is_valid(raise_exception=True)
    return query.search()


class CapabilityView(OpenView):
    """One capability."""

    @extend_schema(
        operation_id="capabilities_read",
        summary="Read a capability",
        description="Published ones; its operator and its zone's office also read it before.",
        responses={200: CapabilityBody, 404: ErrorBody},
        tags=["catalogue"],
        auth=[],
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        """Answer the capability with every fact, its source and date."""
        rows = Capability.objects.visible_to(self.visitor)
        row = found(rows.select_related("platform").prefetch_related("facts", "free_periods"), public_id)
        return Response(CapabilityBody(row).data)


class PlatformView(OpenView):
    """One platform."""

    @extend_schema(
        operation_id="platforms_read",
        summary="Read a platform",
        description="Published ones with their published capabilities; its operator and zone office also before.",
        responses={200: PlatformBody, 404: ErrorBody},
        tags=["catalogue"],
        auth=[],
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        """Answer the platform with its capabilities, facts, certificates and source."""
        visitor = self.visitor
        capabilities = Prefetch(
            "capabilities", Capability.objects.visible_to(visitor).order_by("position", "id").prefetch_related("facts")
        )
        certificates = Prefetch("certificates", Certificate.objects.filter(status=ListingStatus.PUBLISHED))
        rows = Platform.objects.visible_to(visitor).prefetch_related(capabilities, certificates)
        return Response(PlatformBody(found(rows, public_id)).data)


class ImportsView(MemberView):
    """A file of listings."""

    parser_classes = [MultiPartParser]
    throttle_classes = [OrganizationThrottle]

    @extend_schema(
        operation_id="imports_create",
        summary="Import a file of listings",
        description=(
            "`.xlsx` or `.csv` with the template's columns, or JSON Lines of the exchange format. The file is looked "
            "at at once and loaded in the background: good rows go in, bad ones are reported by number. An operator's "
            "listings wait for review; those of a zone's office are published. Loading the same file again changes "
            "nothing."
        ),
        request={"multipart/form-data": ImportQuery},
        responses={
            202: ImportAccepted,
            400: ErrorBody,
            401: ErrorBody,
            403: ErrorBody,
            413: ErrorBody,
            415: ErrorBody,
            429: ErrorBody,
        },
        tags=["imports"],
        examples=[
            OpenApiExample(
                "Accepted",
                value={"id": "019361d2-7c5e-7a3e-9c55-2f1d6a4a8f10", "state": "waiting"},
                response_only=True,
                status_codes=["202"],
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """Store the file's rows and have them loaded."""
        if not may_import(self.actor):
            raise NotAllowed
        most = settings.IMPORT_MAX_BYTES
        # The head alone tells; a file far too large is not read to the end first.
        if int(request.META.get("CONTENT_LENGTH") or 0) > most + 10_000:
            raise TooLarge(errors={"file": [_("At most %(most)s bytes.") % {"most": most}]})
        query = ImportQuery(data=request.data)
        query.is_valid(raise_exception=True)
        upload = query.validated_data["file"]
        job = import_submit(actor=self.actor, file_name=upload.name, content=upload.read())
        return Response(ImportAccepted(job).data, status=202)


class ImportView(MemberView):
    """How far an import is."""

    @extend_schema(
        operation_id="imports_read",
        summary="Read how far an import is",
        description="One's own organization's imports.",
        responses={200: ImportBody, 401: ErrorBody, 404: ErrorBody},
        tags=["imports"],
        examples=[
            OpenApiExample(
                "Done",
                value={
                    "id": "019361d2-7c5e-7a3e-9c55-2f1d6a4a8f10",
                    "state": "done",
                    "file_name": "listings.xlsx",
                    "done": 12,
                    "total": 12,
                    "errors": [{"row": 7, "column": "参数", "problem": '"升/吨" is not a unit of volume.'}],
                    "created_at": "2026-11-21T10:00:00+08:00",
                    "finished_at": "2026-11-21T10:00:02+08:00",
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        """Answer state, progress and the rows that were refused."""
        return Response(ImportBody(found(ImportJob.objects.visible_to(self.actor), public_id)).data)
