"""The one way out to other people's servers: listed hosts, public addresses, small answers, no detours.

Who adds a robot chooses an address, so an address is an attack until shown otherwise. The host must be one the
installation lists; it is looked up once, every address found must be public, and the connection goes to exactly that
address (a second look-up could give another one) while TLS still checks the host's name. Addresses carry keys:
nothing here logs one or puts one into an error.
"""

from __future__ import annotations

import ipaddress
import logging
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit, urlunsplit

import httpx2
from django.conf import settings

MAX_ANSWER_BYTES = 65_536
CONNECT_SECONDS, TOTAL_SECONDS = 5.0, 12.0
Resolver = Callable[[str, int], list[str]]
_TRANSLATED = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48")))

# The library writes whole addresses at INFO and below, and an address is a secret here.
for _name in ("httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class AddressRefused(Exception):
    """We do not call this address; the message says why and does not repeat it."""


class NoAnswer(Exception):
    """The server was not reached, was too slow, or said too much; it may still have taken the message."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, body (at most MAX_ANSWER_BYTES), and when the server wants to be asked again."""

    status: int
    body: bytes
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address: where to connect, and what the server is called."""

    url: str
    host: str
    name: str


def look_up(host: str, port: int) -> list[str]:
    """Every address of `host`; numeric forms ("2130706433", "0x7f.1") come out as what they stand for."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def check_address(url: str) -> SplitResult:
    """Return the parts of an address that may be called, without asking the network. Raises AddressRefused."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise AddressRefused("not an address") from None
    host = (parts.hostname or "").rstrip(".")
    local = host in settings.WEBHOOK_LOOPBACK_HOSTS
    if parts.scheme != "https" and not (local and parts.scheme == "http"):
        raise AddressRefused("not https")
    if parts.username is not None or parts.password is not None:
        raise AddressRefused("name and password in the address")
    if not local and host not in settings.WEBHOOK_HOSTS:
        raise AddressRefused("this host is not on the list of allowed hosts")
    if not local and port not in (None, 443):
        raise AddressRefused("a port other than 443")
    return parts


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public network, also behind the ways IPv6 has to write an IPv4 one."""
    try:
        found = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if any(found in network for network in _TRANSLATED) or found.sixtofour or found.teredo:
            return False
        if found.ipv4_mapped:
            found = found.ipv4_mapped
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def target_of(url: str, resolve: Resolver = look_up) -> Target:
    """Check `url`, look its host up once, and name the address to connect to. Raises AddressRefused or NoAnswer."""
    parts = check_address(url)
    host = (parts.hostname or "").rstrip(".")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = resolve(host, port)
    except (OSError, UnicodeError):
        raise NoAnswer("the host's name could not be looked up") from None
    if not found:
        raise NoAnswer("the host's name could not be looked up")
    if host not in settings.WEBHOOK_LOOPBACK_HOSTS and not all(map(is_public, found)):
        raise AddressRefused("this host leads into a private network")
    literal = f"[{found[0]}]" if ":" in found[0] else found[0]
    place = urlunsplit((parts.scheme, f"{literal}:{port}", parts.path or "/", parts.query, ""))
    return Target(place, host, host if parts.port is None else f"{host}:{port}")


def post(url: str, *, body: bytes, headers: Mapping[str, str] | None = None, seconds: float = TOTAL_SECONDS) -> Answer:
    """Post `body` and return the answer, whatever its status; redirects are answers and are not followed.

    Raises AddressRefused where the address may not be called, NoAnswer where nothing usable came back in `seconds`.
    """
    target = target_of(url)
    until = time.monotonic() + seconds
    limits = httpx2.Timeout(min(seconds, TOTAL_SECONDS), connect=min(seconds, CONNECT_SECONDS))
    sent = {**(headers or {}), "Host": target.name, "Accept-Encoding": "identity", "User-Agent": "Zhongshi"}
    try:
        with (
            httpx2.Client(timeout=limits, follow_redirects=False, trust_env=False) as client,
            client.stream(
                "POST", target.url, content=body, headers=sent, extensions={"sni_hostname": target.host}
            ) as response,
        ):
            return Answer(response.status_code, _read(response, until), _retry_after(response))
    except httpx2.TimeoutException:
        raise NoAnswer("no answer in time") from None
    except httpx2.HTTPError as error:
        raise NoAnswer(f"the connection failed ({type(error).__name__})") from None


def _read(response: httpx2.Response, until: float) -> bytes:
    parts = bytearray()
    for part in response.iter_raw(4096):
        parts += part
        if len(parts) > MAX_ANSWER_BYTES:
            raise NoAnswer("the answer was too long")
        if time.monotonic() > until:
            raise NoAnswer("no answer in time")
    return bytes(parts)


def _retry_after(response: httpx2.Response) -> float | None:
    value = response.headers.get("Retry-After", "")
    return float(value) if value.isascii() and value.isdigit() and len(value) < 7 else None
