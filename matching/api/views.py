"""Reading a text, the result of a need, and what both sides do with a match."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from matching.catalogue import count_candidates
from matching.models import Match, MatchQuerySet, Question
from matching.rules import may_review, owns_need
from matching.selectors import match_card, matches_of, question_record, shown_matches
from matching.services.choosing import match_choose
from matching.services.leads import question_answer
from matching.services.review import match_review
from requests.models import Need
from requests.records import conditions_from
from requests.rules import owns
from requests.services.reading import need_read
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.api.base import MemberView, OpenView, found, shaped
from zhongshi.accounts.throttles import ParseThrottle
from zhongshi.core.errors import NotAllowed
from zhongshi.core.shapes import ErrorBody

from .serializers import (
    AnswerEntry,
    MatchBody,
    MatchesBody,
    NothingEntry,
    ParseBody,
    ParseEntry,
    QuestionBody,
    ReviewEntry,
)

_REFUSALS: dict[Any, Any] = dict.fromkeys([400, 401, 403, 404, 409, 422], ErrorBody)


class ParseView(OpenView):
    """一键提需求: what a text asks for, while it is typed."""

    throttle_classes = [ParseThrottle]

    @extend_schema(
        operation_id="needs_parse",
        summary="Read the conditions in a text",
        description=(
            "Nothing is stored. `span` counts characters of title + newline + text; `candidates` says how many "
            "published capabilities fail no hard condition so far. Send `conditions` as corrected by a person to count "
            "with these instead. Rate-limited by caller."
        ),
        request=ParseEntry,
        responses={200: ParseBody, 400: ErrorBody, 413: ErrorBody, 429: ErrorBody},
        tags=["needs"],
        auth=[],
        examples=[
            OpenApiExample("A text", value={"text": "需要500L发酵罐做中试，必须有GMP。"}, request_only=True),
            OpenApiExample(
                "What it asks for",
                value={
                    "conditions": [
                        {
                            "kind": "process",
                            "value": "发酵",
                            "op": "require",
                            "hard": True,
                            "text": "发酵",
                            "span": [7, 9],
                            "confidence": 0.9,
                        }
                    ],
                    "questions": [{"code": "region", "kind": "region", "quantity": None}],
                    "candidates": 12,
                },
                response_only=True,
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        """Answer conditions, questions and the number of candidates."""
        entered = shaped(ParseEntry, request)
        reading = need_read(title=entered["title"], text=entered["text"])
        conditions = [condition.to_exchange() for condition in reading.conditions]
        questions = [{"code": q.code, "kind": q.kind, "quantity": q.quantity} for q in reading.questions]
        given = entered.get("conditions")
        if given is not None:
            conditions_from(given)  # refuses what no condition can be, naming the field
        candidates = count_candidates(conditions if given is None else given)
        return Response({"conditions": conditions, "questions": questions, "candidates": candidates})


class NeedMatchesView(MemberView):
    """链资源: the ranked, explained result of a need."""

    @extend_schema(
        operation_id="needs_matches",
        summary="Read the result of a need",
        description=(
            "Its enterprise and its zone's office. `scoring` while the newest revision waits for a worker. Each result "
            "says for each condition pass, fail or unknown with its evidence; `excluded` counts why others were left "
            "out; `relaxations` what a single change would open; `routes` who could do it together."
        ),
        responses={200: MatchesBody, 401: ErrorBody, 404: ErrorBody},
        tags=["matches"],
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        """Answer the whole result."""
        need = found(Need.objects.visible_to(self.actor), public_id)
        return Response(matches_of(need, for_owner=owns(self.actor, need)))


class MatchReviewView(MemberView):
    """审核: by the zone's office."""

    @extend_schema(
        operation_id="matches_review",
        summary="Approve or reject a match",
        description=(
            "The administrator of the need's zone, unless a party. A rejection needs a `note`, which reaches the "
            "enterprise; only after an approval does the operator see the lead."
        ),
        request=ReviewEntry,
        responses={200: MatchBody, **_REFUSALS},
        tags=["matches"],
        examples=[
            OpenApiExample("Approve", value={"approve": True}, request_only=True),
            OpenApiExample("Reject", value={"approve": False, "note": "重复"}, request_only=True),
        ],
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """Review a proposed match."""
        match = found(visible_matches(self.actor), public_id)
        if not may_review(self.actor, match):
            raise NotAllowed
        entered = shaped(ReviewEntry, request)
        return Response(
            _card(
                match_review(actor=self.actor, match=match, approve=entered["approve"], note=entered["note"]),
                for_owner=False,
            )
        )


class MatchChooseView(MemberView):
    """The enterprise chooses."""

    @extend_schema(
        operation_id="matches_choose",
        summary="Choose a match",
        description="The need's enterprise. Contacts are released to both; the others in talks are told.",
        request=NothingEntry,
        responses={200: MatchBody, **_REFUSALS},
        tags=["matches"],
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """Choose an accepted or quoted match."""
        match = found(visible_matches(self.actor), public_id)
        if not owns_need(self.actor, match):
            raise NotAllowed
        shaped(NothingEntry, request)
        return Response(_card(match_choose(actor=self.actor, match=match)))


class QuestionAnswerView(MemberView):
    """The enterprise replies to an operator."""

    @extend_schema(
        operation_id="questions_answer",
        summary="Answer an operator's question",
        description="The need's enterprise, once; the operator is told.",
        request=AnswerEntry,
        responses={200: QuestionBody, **_REFUSALS},
        tags=["matches"],
        examples=[OpenApiExample("Answer", value={"answer": "约 200 mPa·s"}, request_only=True)],
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """Store the answer."""
        rows = Question.objects.filter(match__in=visible_matches(self.actor).order_by())
        question = found(rows.select_related("match__need", "match__capability__platform__organization"), public_id)
        if not owns_need(self.actor, question.match):
            raise NotAllowed
        entered = shaped(AnswerEntry, request)
        return Response(question_record(question_answer(actor=self.actor, question=question, text=entered["answer"])))


def visible_matches(actor: Actor) -> MatchQuerySet:
    """Matches this person may know of: as the need's owner, as its zone's office, or as a lead."""
    rows = Match.objects.for_need_owner(actor) | Match.objects.for_operator(actor)
    return rows.select_related("need__zone", "capability__platform")


def _card(match: Match, *, for_owner: bool = True) -> dict[str, Any]:
    return match_card(shown_matches(match.need).get(pk=match.pk), for_owner=for_owner)
