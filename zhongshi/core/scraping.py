"""Who may read the figures: they name no person, but tell how busy everybody is."""

from __future__ import annotations

import hmac
from ipaddress import ip_address, ip_network

from django.conf import settings


def may_scrape(address: str, authorization: str, *, forwarded: bool) -> bool:
    """Whether a caller at `address` with this Authorization header may read `/metrics`.

    Who comes through a proxy (`forwarded`) has its address, which says nothing: only METRICS_TOKEN counts there.
    """
    token: str = settings.METRICS_TOKEN
    if token and hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
        return True
    return not forwarded and _is_near(address)


def _is_near(address: str) -> bool:
    try:
        caller = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(caller, "ipv4_mapped", None)
    networks = [ip_network(network, strict=False) for network in settings.METRICS_ADDRESSES]
    return any((mapped or caller) in network for network in networks)
