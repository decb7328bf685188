"""Tokens, notices, the audit trail, and addresses that lead nowhere."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth import authenticate
from django.http import Http404, HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.authtoken.models import Token
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.response import Response

from zhongshi.accounts.actors import require_role
from zhongshi.accounts.enums import Role
from zhongshi.accounts.forms.signing import sign_in_name
from zhongshi.accounts.models import User
from zhongshi.accounts.services.two_step import code_check, has_two_step, needs_two_step
from zhongshi.accounts.throttles import SIGN_IN_THROTTLES, sign_in_worked
from zhongshi.core.errors import NotAllowed
from zhongshi.core.models import AuditEntry, Notification
from zhongshi.core.notifications import mark_read
from zhongshi.core.shapes import ErrorBody

from .base import MemberView, OpenView, found, paged, shaped
from .documents import page, pages_of
from .serializers import AuditBody, Credentials, NotificationBody, TokenBody


class TokenView(OpenView):
    """Sign in for programs."""

    authentication_classes = ()
    throttle_classes = SIGN_IN_THROTTLES

    def get_authenticate_header(self, request: Request) -> str:
        """Name the scheme, so that DRF answers 401 and not 403 although nobody can be signed in here yet."""
        return "Bearer"

    @extend_schema(
        operation_id="token_create",
        summary="Get a token",
        description=(
            "Rate-limited by address. A wrong name and a wrong password are answered alike. An account with one-time "
            "codes switched on must send `code`; each code opens once, and wrong ones make the next try wait. "
            "A new password ends the token."
        ),
        request=Credentials,
        responses={200: TokenBody, 400: ErrorBody, 401: ErrorBody, 403: ErrorBody, 429: ErrorBody},
        tags=["auth"],
        auth=[],
        examples=[
            OpenApiExample("Sign in", value={"username": "enterprise", "password": "zhongshi-demo"}, request_only=True),
            OpenApiExample("Token", value={"token": "9944b09199c62bcf9418ad846dd0e4bbdfc6ee4b"}, response_only=True),
        ],
    )
    def post(self, request: Request) -> Response:
        """Exchange name and password for a token."""
        entered = shaped(Credentials, request)
        name = sign_in_name(entered["username"])
        user = authenticate(request, username=name, password=entered["password"])
        if user is None:
            raise AuthenticationFailed(_("The name or the password is wrong."))
        sign_in_worked(entered["username"])
        _check_code(user, entered.get("code", ""))
        token, _created = Token.objects.get_or_create(user=user)
        return Response({"token": token.key})


def _check_code(user: User, code: str) -> None:
    if has_two_step(user):
        if not code:
            raise AuthenticationFailed(_("A one-time code is needed as well: send it as `code`."))
        if not code_check(user=user, code=code).is_right:
            raise AuthenticationFailed(_("This code is not right, or it was used already. Please enter the next one."))
    elif needs_two_step(user):
        raise NotAllowed(_("This site asks administrators for one-time codes. Please set them up on its pages first."))


class NotificationsView(MemberView):
    """One's own notices."""

    @extend_schema(
        operation_id="notifications_list",
        summary="List one's notices",
        description="Newest first; only one's own.",
        parameters=[
            OpenApiParameter("unread", OpenApiTypes.BOOL, description="`true`: only those not read yet."),
            *pages_of(),
        ],
        responses={200: page("NotificationPage", NotificationBody), 401: ErrorBody},
        tags=["notifications"],
    )
    def get(self, request: Request) -> Response:
        """Answer one page of the reader's notices."""
        rows = Notification.objects.filter(recipient=self.actor.user).order_by("-id")
        if request.query_params.get("unread", "").lower() in {"1", "true"}:
            rows = rows.filter(read_at__isnull=True)
        return paged(self, rows, NotificationBody)


class NotificationReadView(MemberView):
    """Note that a notice was seen."""

    @extend_schema(
        operation_id="notifications_read",
        summary="Mark a notice as read",
        description="A second call keeps the first time.",
        request=None,
        responses={200: NotificationBody, 401: ErrorBody, 404: ErrorBody},
        tags=["notifications"],
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """Mark one of the reader's notices."""
        row = found(Notification.objects.filter(recipient=self.actor.user), public_id)
        return Response(NotificationBody(mark_read(row)).data)


class AuditView(MemberView):
    """The audit trail of one's own zone."""

    @extend_schema(
        operation_id="audit_list",
        summary="Read the audit trail",
        description="Zone administrators only; rows of their own zone, newest first.",
        parameters=[
            OpenApiParameter("object", OpenApiTypes.UUID, description="Only rows about this need, match, listing …"),
            OpenApiParameter("action", OpenApiTypes.STR, description="Only this action, e.g. `status`."),
            *pages_of(),
        ],
        responses={200: page("AuditPage", AuditBody), 401: ErrorBody, 403: ErrorBody},
        tags=["zone"],
    )
    def get(self, request: Request) -> Response:
        """Answer one page of the trail."""
        actor = require_role(self.actor, Role.ZONE_ADMIN)
        asked = AuditQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        rows = AuditEntry.objects.filter(zone_code=actor.zone.code).select_related("actor").order_by("-id")
        names = {"object": "object_id", "action": "action"}
        rows = rows.filter(**{names[name]: value for name, value in asked.validated_data.items()})
        return paged(self, rows, AuditBody)


class AuditQuery(serializers.Serializer[Any]):
    """Filters of the trail."""

    object = serializers.UUIDField(required=False)
    action = serializers.CharField(required=False)


class NowhereView(OpenView):
    """Every other address below /api/: the contract's error shape instead of an HTML page."""

    schema = None
    authentication_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse before the method is looked at: what is not there allows none."""
        if not request.path.endswith("/") and _leads_somewhere(f"{request.path}/"):
            return
        raise Http404

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Send an address without its last slash on, the body with it (308)."""
        target = request.get_full_path().replace(request.path, f"{request.path}/", 1)
        return HttpResponsePermanentRedirect(target, preserve_request=True)


def _leads_somewhere(path: str) -> bool:
    try:
        match = resolve(path)
    except Resolver404:
        return False
    return getattr(match.func, "view_class", None) is not NowhereView
