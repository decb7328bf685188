"""Settings that must not be wrong, looked at before the service starts."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register


@register()
def gateway_addresses(**_options: Any) -> list[CheckMessage]:
    """A gateway's addresses are networks, and never everybody's."""
    if settings.GATEWAY_HEADER and not settings.GATEWAY_TRUSTED_ADDRESSES:
        return [
            checks.Warning(
                "GATEWAY_HEADER is heeded from nobody: GATEWAY_TRUSTED_ADDRESSES is empty.", id="accounts.W001"
            )
        ]
    problems: list[CheckMessage] = []
    for entry in settings.GATEWAY_TRUSTED_ADDRESSES:
        try:
            network = ip_network(entry, strict=False)
        except ValueError:
            problems.append(Error(f"GATEWAY_TRUSTED_ADDRESSES: {entry!r} is no network.", id="accounts.E001"))
            continue
        if network.prefixlen == 0:
            text = f"GATEWAY_TRUSTED_ADDRESSES: {entry!r} is everybody, so anybody could sign in as anybody."
            problems.append(Error(text, id="accounts.E002"))
    return problems
