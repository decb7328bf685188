"""Post, read, change and withdraw needs."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from requests.disclosure import FullText, Reader
from requests.enums import Medium, NeedStatus
from requests.models import Need
from requests.rules import may_post, owns
from requests.services.disclosing import need_disclose, reason_give
from requests.services.needs import need_edit, need_post, need_withdraw
from requests.services.patching import need_patched
from zhongshi.accounts.api.base import MemberView, found, paged, shaped
from zhongshi.accounts.api.documents import page, pages_of
from zhongshi.accounts.throttles import OrganizationThrottle, address_of
from zhongshi.core.errors import NotAllowed
from zhongshi.core.shapes import ErrorBody

from .serializers import (
    NeedBody,
    NeedChange,
    NeedEntry,
    NeedQuery,
    OfficeLine,
    OutlineBody,
    ReasonEntry,
    WithdrawEntry,
)

_POSTED = OpenApiExample(
    "A need in words",
    value={
        "title": "乳球蛋白发酵中试",
        "text": "需要500L发酵罐连续三批中试，必须有GMP，预算60万元以内。",
        "region": "510100",
        "visibility": "matched",
    },
    request_only=True,
)
_POSTED_WITH = OpenApiExample(
    "A need with its conditions",
    value={
        "title": "乳球蛋白发酵中试",
        "text": "需要500L发酵罐连续三批中试。",
        "conditions": [
            {"kind": "process", "value": "发酵", "op": "require", "hard": True},
            {
                "kind": "parameter",
                "quantity": "volume",
                "min": 500,
                "max": 500,
                "unit": "L",
                "op": "covers",
                "hard": True,
            },
        ],
        "budget": {"max": 60, "unit": "万元"},
        "visibility": "nda",
    },
    request_only=True,
)


class NeedsView(MemberView):
    """提需求: post a need; list one's own."""

    throttle_classes = [OrganizationThrottle]

    @extend_schema(
        operation_id="needs_list",
        summary="List one's needs",
        description="An enterprise's own, newest first; for a zone's office those submitted in its zone.",
        parameters=[
            OpenApiParameter("status", OpenApiTypes.STR, enum=NeedStatus.values, description="Only this status."),
            *pages_of(),
        ],
        responses={200: page("NeedPage", NeedBody), 400: ErrorBody, 401: ErrorBody},
        tags=["needs"],
    )
    def get(self, request: Request) -> Response:
        """Answer one page of the needs this person may see."""
        rows = Need.objects.visible_to(self.actor).prefetch_related("conditions")
        query = NeedQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        body = OfficeLine if self.actor.is_zone_admin else NeedBody
        return paged(self, rows.filter(**query.validated_data).order_by("-id"), body)

    @extend_schema(
        operation_id="needs_create",
        summary="Post a need",
        description=(
            "Enterprises only. Send `Idempotency-Key` (your own id of the need, at most 100 characters): the same key "
            "with the same body gives the same need with 200, with another body 422. Without `conditions` they are "
            "read from the words. An open need is scored in the background: see its matches."
        ),
        parameters=[OpenApiParameter("Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER)],
        request=NeedEntry,
        responses={
            201: NeedBody,
            200: NeedBody,
            400: ErrorBody,
            401: ErrorBody,
            403: ErrorBody,
            413: ErrorBody,
            422: ErrorBody,
            429: ErrorBody,
        },
        tags=["needs"],
        examples=[_POSTED, _POSTED_WITH],
    )
    def post(self, request: Request) -> Response:
        """Store and submit a need."""
        if not may_post(self.actor):
            raise NotAllowed
        entry = NeedEntry(data=request.data)
        entry.is_valid(raise_exception=True)
        key = request.headers.get("Idempotency-Key", "").strip()
        need, created = need_post(actor=self.actor, entered=entry.need_input(), idempotency_key=key or None)
        return Response(NeedBody(need).data, status=201 if created else 200)


class _NeedView(MemberView):
    """One need, answered as far as it is disclosed."""

    @property
    def reader(self) -> Reader:
        """Who reads, and from where."""
        return Reader.of(self.actor, Medium.API, address_of(self.request))

    def answer(self, need: Need) -> Response:
        """The need as this person may read it now; the office's reading of a confidential one is recorded."""
        _stage, shape = need_disclose(reader=self.reader, need=need)
        return Response((NeedBody if isinstance(shape, FullText) else OutlineBody)(need).data)


class NeedView(_NeedView):
    """One need."""

    @extend_schema(
        operation_id="needs_read",
        summary="Read a need",
        description=(
            "Its enterprise and its zone's office. A confidential need comes without title and text until the office "
            "has given a reason."
        ),
        responses={200: NeedBody, 401: ErrorBody, 404: ErrorBody},
        tags=["needs"],
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        """Answer the need with its conditions."""
        return self.answer(found(Need.objects.visible_to(self.actor), public_id))

    @extend_schema(
        operation_id="needs_change",
        summary="Change a need",
        description=(
            "Send the `revision` you saw and what is different; somebody else's change in between is answered 409. "
            "A new revision of an open need is scored again; answered matches keep their answers."
        ),
        request=NeedChange,
        responses={
            200: NeedBody,
            400: ErrorBody,
            401: ErrorBody,
            403: ErrorBody,
            404: ErrorBody,
            409: ErrorBody,
            413: ErrorBody,
            422: ErrorBody,
        },
        tags=["needs"],
        examples=[OpenApiExample("Another title", value={"revision": 1, "title": "β-乳球蛋白"}, request_only=True)],
    )
    def patch(self, request: Request, public_id: UUID) -> Response:
        """Write a new revision over the one the caller saw."""
        need = found(Need.objects.visible_to(self.actor), public_id)
        changes = shaped(NeedChange, request)
        revision = changes.pop("revision")
        return self.answer(
            need_edit(actor=self.actor, need=need, revision=revision, entered=need_patched(need, changes))
        )


class NeedWithdrawView(_NeedView):
    """Take a need back."""

    @extend_schema(
        operation_id="needs_withdraw",
        summary="Withdraw a need",
        description="Its enterprise or its zone's office, before a contract. Its leads are closed, operators told.",
        request=WithdrawEntry,
        responses={200: NeedBody, 400: ErrorBody, 401: ErrorBody, 403: ErrorBody, 404: ErrorBody, 422: ErrorBody},
        tags=["needs"],
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """Withdraw it; a second time is 422."""
        need = found(Need.objects.visible_to(self.actor), public_id)
        entered = shaped(WithdrawEntry, request)
        return self.answer(need_withdraw(actor=self.actor, need=need, note=entered["note"]))


class NeedReasonView(_NeedView):
    """Why the zone's office opens a confidential need."""

    @extend_schema(
        operation_id="needs_reason",
        summary="Give a reason for reading a need",
        description=(
            "The zone's office, for a confidential need (`nda`): title and text are answered for eight hours. The "
            "enterprise sees the reason and each reading."
        ),
        request=ReasonEntry,
        responses={200: NeedBody, 400: ErrorBody, 401: ErrorBody, 403: ErrorBody, 404: ErrorBody},
        tags=["needs"],
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """Store the reason and answer the need."""
        need = found(Need.objects.visible_to(self.actor), public_id)
        if owns(self.actor, need):
            raise NotAllowed
        entered = shaped(ReasonEntry, request)
        reason_give(reader=self.reader, need=need, reason=entered["reason"])
        return self.answer(need)
