"""Coverage for everybody, the funnel for a zone's office."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from matching.coverage import coverage
from matching.figures import funnel
from zhongshi.accounts.actors import require_role
from zhongshi.accounts.api.base import MemberView, OpenView
from zhongshi.accounts.enums import Role
from zhongshi.core.shapes import ErrorBody

from .serializers import FunnelBody

_CELL = {
    "type": "object",
    "required": ["capabilities", "open_needs", "unmet_needs"],
    "properties": {
        "capabilities": {"type": "integer"},
        "open_needs": {"type": "integer"},
        "unmet_needs": {"type": "integer", "description": "Scored, and nobody is left who could."},
    },
}
_TABLE = {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": _CELL}}


class CoverageView(OpenView):
    """以链定试: what can be piloted where, and what cannot."""

    @extend_schema(
        operation_id="coverage_read",
        summary="Read the coverage of the industry chains",
        description=(
            "{chain: {stage: cell}}. Zero capabilities read 缺口. What names a chain but no stage is counted under "
            "`unstated`."
        ),
        responses={200: _TABLE},
        tags=["figures"],
        auth=[],
        examples=[
            OpenApiExample(
                "One chain",
                value={"生物制造": {"PILOT": {"capabilities": 31, "open_needs": 4, "unmet_needs": 1}}},
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        """Answer the table."""
        return Response(coverage())


class FunnelView(MemberView):
    """How far the zone's needs come."""

    @extend_schema(
        operation_id="stats_funnel",
        summary="Read the funnel of one's zone",
        description="Zone administrators only; their own zone.",
        responses={200: FunnelBody, 401: ErrorBody, 403: ErrorBody},
        tags=["zone"],
    )
    def get(self, request: Request) -> Response:
        """Answer steps, answer times and reasons of refusals."""
        return Response(funnel(require_role(self.actor, Role.ZONE_ADMIN).zone))
