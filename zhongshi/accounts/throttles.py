"""How often somebody may sign in or post. Counted in PostgreSQL, for all processes together (docs/adr/0016)."""

import unicodedata
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle, SimpleRateThrottle
from rest_framework.views import APIView

from .actors import actor_of
from .models import UserSession
from .services.budgets import budget_spend, pause_check, pause_end

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class StoredThrottle(SimpleRateThrottle):
    """DRF's rates by scope, spent in the database; the key is what the budget belongs to, None for no limit."""

    num_requests: int | None
    duration: int | None
    _wait: float | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Spend one; whether there was one left."""
        key = self.get_cache_key(request, view)
        if key is None or not self.num_requests or not self.duration:
            return True
        self._wait = budget_spend(key, rate=self.num_requests, period=self.duration)
        return self._wait is None

    def wait(self) -> float | None:
        """Seconds until there is one again."""
        return self._wait


class OrganizationThrottle(StoredThrottle):
    """One budget for everybody of an organization, so that a flood cannot be shared out among its people."""

    scope = "post"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """Key of the budget; none for reading, and for users of nowhere, whom the view refuses anyway."""
        actor = None if request.method in READING else actor_of(request.user)
        return f"throttle:{self.scope}:{actor.organization.pk}" if actor else None


class AccountThrottle(StoredThrottle):
    """Few tries for one account name from one address: guessing a password is slow."""

    scope = "sign_in"

    def get_cache_key(self, request: Request | HttpRequest, view: Any) -> str:
        """Key of the budget: address and name as typed, in small letters."""
        return f"throttle:{self.scope}:{neighbourhood(request)}:{_account(request)}"


class AddressThrottle(StoredThrottle):
    """More tries from one address in all: one password against many names is slow too, an office is not locked out."""

    scope = "sign_in_address"

    def get_cache_key(self, request: Request | HttpRequest, view: Any) -> str:
        """Key of the budget: the address."""
        return f"throttle:{self.scope}:{neighbourhood(request)}"


class AccountPause(BaseThrottle):
    """Wrong passwords for one account from wherever: a pause that doubles, so that many addresses help nobody.

    Who is signed in to the account from this very address is not kept out by strangers who guess at it.
    """

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count a try; whether it may be looked at."""
        account = _account(request)
        self._wait = pause_check(account) if account else None
        return self._wait is None or _is_known(account, address_of(request))

    def wait(self) -> float | None:
        """Seconds until the next try is looked at."""
        return self._wait


def sign_in_worked(entered: str) -> None:
    """End the pause of an account, by the name as typed: the password was right."""
    pause_end(_folded(entered))


def _account(request: Request | HttpRequest) -> str:
    return _folded(str(_entered(request).get("username", "")))


def _folded(name: str) -> str:
    # Half characters and the like are no part of a name, and could not be digested.
    return unicodedata.normalize("NFKC", name).strip().lower()[:150].encode(errors="replace").decode()


def _is_known(account: str, address: str | None) -> bool:
    known = UserSession.objects.alive().filter(user__username__iexact=account, address=address)
    return address is not None and known.exists()


def _entered(request: Request | HttpRequest) -> Mapping[str, Any]:
    entered = request.data if isinstance(request, Request) else request.POST
    return entered if isinstance(entered, Mapping) else {}


SIGN_IN_THROTTLES = (AccountThrottle, AddressThrottle, AccountPause)


class RegisterThrottle(AddressThrottle):
    """Registrations from one address; an office behind one address has room."""

    scope = "register"


class ResetThrottle(AddressThrottle):
    """Asking for links by mail from one address."""

    scope = "reset"


class ParseThrottle(AddressThrottle):
    """Reading texts: by person, and for visitors by address."""

    scope = "parse"

    def get_cache_key(self, request: Request | HttpRequest, view: Any) -> str:
        """Key of the budget: the person, else the address."""
        return f"throttle:{self.scope}:{request.user.pk or neighbourhood(request)}"


class InviteThrottle(AddressThrottle):
    """Mails one person causes: invitations and confirmations of addresses."""

    scope = "invite"

    def get_cache_key(self, request: Request | HttpRequest, view: Any) -> str:
        """Key of the budget: the person."""
        return f"throttle:{self.scope}:{request.user.pk}"


class PageThrottle(ParseThrottle):
    """Whatever is sent to a page: by person, and for visitors by address."""

    scope = "page"

    def seconds_to_wait(self, request: HttpRequest) -> float | None:
        """Spend one; None, or the seconds until there is one again."""
        return None if self.allow_request(request, None) else self.wait()  # type: ignore[arg-type]


def is_too_often(request: HttpRequest, *throttles: type[BaseThrottle]) -> bool:
    """Count this request; whether a budget is used up."""
    return not all(throttle().allow_request(request, None) for throttle in throttles)  # type: ignore[arg-type]


def address_of(request: Request | HttpRequest) -> str | None:
    """The client's address as NUM_PROXIES says; None for what is no address, as in tests and behind sockets."""
    found = _address(request)
    return str(found) if found else None


def neighbourhood(request: Request | HttpRequest) -> str:
    """What a limit by address counts together: one IPv4 address, or the /64 an IPv6 client has to itself."""
    found = _address(request)
    if isinstance(found, IPv6Address):
        return str(IPv6Network((found, 64), strict=False))
    return str(found or "nowhere")


def _address(request: Request | HttpRequest) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(str(BaseThrottle().get_ident(request)).split("%")[0])  # type: ignore[arg-type]
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found
