"""How often somebody may sign in or post. Counted in the process: Redis stays off the request path."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from .actors import actor_of


class OrganizationThrottle(SimpleRateThrottle):
    """One budget for everybody of an organization, so that a flood cannot be shared out among its people."""

    scope = "post"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """Key of the budget; none for reading, and for users of nowhere, whom the view refuses anyway."""
        actor = None if request.method in {"GET", "HEAD", "OPTIONS"} else actor_of(request.user)
        return f"throttle:{self.scope}:{actor.organization.pk}" if actor else None


class AccountThrottle(SimpleRateThrottle):
    """Few tries for one account name from one address: guessing a password is slow."""

    scope = "sign_in"

    def get_cache_key(self, request: Request | HttpRequest, view: Any) -> str:
        """Key of the budget: address and name as typed, in small letters."""
        name = str(_entered(request).get("username", "")).strip().lower()[:150]
        return f"throttle:{self.scope}:{self.get_ident(request)}:{name}"  # type: ignore[arg-type]


class AddressThrottle(SimpleRateThrottle):
    """More tries from one address in all: one password against many names is slow too, an office is not locked out."""

    scope = "sign_in_address"

    def get_cache_key(self, request: Request | HttpRequest, view: Any) -> str:
        """Key of the budget: the address."""
        return f"throttle:{self.scope}:{self.get_ident(request)}"  # type: ignore[arg-type]


def _entered(request: Request | HttpRequest) -> Mapping[str, Any]:
    entered = request.data if isinstance(request, Request) else request.POST
    return entered if isinstance(entered, Mapping) else {}


SIGN_IN_THROTTLES = (AccountThrottle, AddressThrottle)
