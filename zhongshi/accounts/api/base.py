"""What every view of the API is built on: who acts, what an address that leads nowhere answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar, cast

from django.db.models import Model, QuerySet
from django.http import Http404
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from zhongshi.accounts.actors import Actor, actor_of
from zhongshi.accounts.models import User
from zhongshi.core.errors import NotAllowed
from zhongshi.core.pagination import CountedPages
from zhongshi.core.parsers import CheckedJSONParser

Row = TypeVar("Row", bound=Model)


class OpenView(APIView):
    """A view for everybody; `visitor` is the actor, or None for one who is not signed in."""

    permission_classes = [AllowAny]
    parser_classes = [CheckedJSONParser]

    @property
    def visitor(self) -> Actor | None:
        """Who looks, if anybody known."""
        return actor_of(cast("User", self.request.user))


class MemberView(APIView):
    """A view for people of an organization. `actor` refuses users of nowhere: a filter by no organization would
    show them the rows of nobody.
    """

    permission_classes = [IsAuthenticated]
    parser_classes = [CheckedJSONParser]
    _actor: Actor | None = None

    @property
    def actor(self) -> Actor:
        """Who acts. Raises NotAllowed for a user without organization."""
        if self._actor is None:
            self._actor = actor_of(cast("User", self.request.user))
        if self._actor is None:
            raise NotAllowed
        return self._actor


def shaped(serializer: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    """Return the body in the serializer's shape. Raises ValidationError naming the fields."""
    entered = serializer(data=request.data)
    entered.is_valid(raise_exception=True)
    return cast("dict[str, Any]", entered.validated_data)


def paged(
    view: APIView, rows: QuerySet[Any] | Sequence[Any], serializer: type[Serializer[Any]], **more: Any
) -> Response:
    """Answer one page of `rows` as ``{"count", "results"}``, with `more` between the two."""
    pages = CountedPages()
    page = pages.paginate_queryset(rows, view.request, view=view)
    answer = pages.get_paginated_response(serializer(page, many=True).data)
    if more:
        answer.data = {"count": answer.data["count"], **more, "results": answer.data["results"]}
    return answer


def found(rows: QuerySet[Row], public_id: Any) -> Row:
    """Return the row with this public id, Raises Http404 where `rows` has none."""
    row = rows.filter(uuid=public_id).first()
    if row is None:
        raise Http404
    return row
