"""The operator's desk: leads (线索) and what is answered to them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from matching.disclosure import signed_by
from matching.models import Match
from matching.selectors import lead_line, lead_record, shown_leads
from matching.services.leads import lead_accept, lead_ask, lead_decline, lead_quote
from matching.services.reading import lead_read
from matching.services.signing import lead_sign
from requests.disclosure import Reader
from requests.enums import Medium
from zhongshi.accounts.api.base import MemberView, found, shaped
from zhongshi.accounts.api.documents import page, pages_of
from zhongshi.accounts.throttles import address_of
from zhongshi.core.pagination import CountedPages
from zhongshi.core.shapes import ErrorBody

from .serializers import LEAD_STATES, AskEntry, DeclineEntry, LeadBody, LeadQuery, NothingEntry, QuoteEntry, SignEntry

_ANSWERS: dict[Any, Any] = {200: LeadBody, **dict.fromkeys([400, 401, 404, 409, 422], ErrorBody)}


class LeadsView(MemberView):
    """Leads of one's own capabilities."""

    @extend_schema(
        operation_id="leads_list",
        summary="List one's leads",
        description=(
            "An operator's own, those to answer first on top. A confidential need comes without its words in a list, "
            "whatever was signed: read the lead itself."
        ),
        parameters=[
            OpenApiParameter("state", OpenApiTypes.STR, enum=list(LEAD_STATES), description="All if not given."),
            *pages_of(),
        ],
        responses={200: page("LeadPage", LeadBody), 400: ErrorBody, 401: ErrorBody},
        tags=["leads"],
    )
    def get(self, request: Request) -> Response:
        """Answer one page of leads."""
        query = LeadQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        rows = shown_leads(Match.objects.for_operator(self.actor))
        statuses = query.statuses()
        pages = CountedPages()
        leads = pages.paginate_queryset(rows.filter(status__in=statuses) if statuses else rows, request, view=self)
        shown = leads or []
        signed = signed_by(self.actor, shown)
        return pages.get_paginated_response(
            [lead_line(self.actor, match, signed.get(match.need_id)) for match in shown]
        )


class _LeadView(MemberView):
    """One lead; what is not the operator's own is not there."""

    def lead(self, public_id: UUID) -> Match:
        """Return the lead. Raises Http404 for anybody else's."""
        return found(Match.objects.for_operator(self.actor).select_related("capability__platform"), public_id)

    def answer(self, match: Match) -> Response:
        """The lead as it is now."""
        lead = shown_leads(Match.objects.for_operator(self.actor)).get(pk=match.pk)
        return Response(lead_record(lead, lead_read(reader=self.reader, match=lead)))

    @property
    def reader(self) -> Reader:
        """Who reads, and from where."""
        return Reader.of(self.actor, Medium.API, address_of(self.request))


class LeadView(_LeadView):
    """One lead."""

    @extend_schema(
        operation_id="leads_read",
        summary="Read a lead",
        description="As far as it is disclosed now; of a confidential need each reading is recorded.",
        responses={200: LeadBody, 401: ErrorBody, 404: ErrorBody},
        tags=["leads"],
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        """Answer the lead as far as its stage discloses it."""
        return self.answer(self.lead(public_id))


class LeadAcceptView(_LeadView):
    """Yes."""

    @extend_schema(
        operation_id="leads_accept",
        summary="Accept a lead",
        description="A quote follows. A second answer is 422, an answer that lost a race 409.",
        request=NothingEntry,
        responses=_ANSWERS,
        tags=["leads"],
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """Accept."""
        lead = self.lead(public_id)
        shaped(NothingEntry, request)
        return self.answer(lead_accept(actor=self.actor, match=lead))


class LeadDeclineView(_LeadView):
    """No, and why."""

    @extend_schema(
        operation_id="leads_decline",
        summary="Decline a lead",
        description="`reason` is required and reaches the enterprise. A second answer is 422.",
        request=DeclineEntry,
        responses=_ANSWERS,
        tags=["leads"],
        examples=[OpenApiExample("Full", value={"reason": "档期已满，明年三月后可安排"}, request_only=True)],
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """Decline."""
        lead = self.lead(public_id)
        entered = shaped(DeclineEntry, request)
        return self.answer(lead_decline(actor=self.actor, match=lead, reason=entered["reason"], code=entered["code"]))


class LeadQuoteView(_LeadView):
    """An offer."""

    @extend_schema(
        operation_id="leads_quote",
        summary="Send a quote",
        description="From a lead not answered yet this accepts it as well. A second quote is 422.",
        request=QuoteEntry,
        responses=_ANSWERS,
        tags=["leads"],
        examples=[
            OpenApiExample(
                "Three batches",
                value={
                    "amount": "480000.00",
                    "currency": "CNY",
                    "lines": [{"name": "三批发酵", "amount": "450000.00"}, {"name": "检测", "amount": "30000.00"}],
                    "valid_until": "2027-01-31",
                    "start": "2027-03-01",
                    "days": 30,
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """Quote."""
        lead = self.lead(public_id)
        entry = QuoteEntry(data=request.data)
        entry.is_valid(raise_exception=True)
        quote = lead_quote(actor=self.actor, match=lead, offer=entry.offer())
        return self.answer(quote.match)


class LeadAskView(_LeadView):
    """A question first."""

    @extend_schema(
        operation_id="leads_ask",
        summary="Ask the enterprise",
        description="Not an answer: the time to answer goes on.",
        request=AskEntry,
        responses=_ANSWERS,
        tags=["leads"],
        examples=[OpenApiExample("Viscosity", value={"question": "料液粘度是多少？"}, request_only=True)],
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """Ask."""
        lead = self.lead(public_id)
        entered = shaped(AskEntry, request)
        question = lead_ask(actor=self.actor, match=lead, text=entered["question"])
        return self.answer(question.match)


class LeadSignView(_LeadView):
    """保密协议: the operator signs for one need."""

    @extend_schema(
        operation_id="leads_sign",
        summary="Sign the confidentiality agreement",
        description=(
            "A manager of the operator, once for each need: `disclosure.agreement.text` of the lead is what is signed. "
            "The text opens at once, or when the enterprise has allowed it. `digest` of the words that were read is "
            "compared where it is sent: 409 if they were replaced meanwhile. A second signature is 422."
        ),
        request=SignEntry,
        responses=_ANSWERS | {403: ErrorBody},
        tags=["leads"],
        examples=[OpenApiExample("Signed", value={"name": "陈立", "agrees": True}, request_only=True)],
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """Sign."""
        lead = self.lead(public_id)
        entered = shaped(SignEntry, request)
        lead_sign(reader=self.reader, match=lead, **entered)
        return self.answer(lead)
