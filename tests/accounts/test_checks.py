"""Settings of the gateway that would open the door to anybody do not start."""

from __future__ import annotations

from typing import Any

import pytest

from zhongshi.accounts.checks import gateway_addresses


@pytest.mark.parametrize(
    ("header", "addresses", "found"),
    [
        ("", [], []),
        ("X-Forwarded-User", ["10.1.2.0/24", "fd00::/8"], []),
        ("X-Forwarded-User", [], ["accounts.W001"]),
        ("X-Forwarded-User", ["0.0.0.0/0", "::/0"], ["accounts.E002", "accounts.E002"]),
        ("X-Forwarded-User", ["gateway.local"], ["accounts.E001"]),
    ],
)
def test_addresses_are_networks_and_never_everybodys(
    settings: Any, header: str, addresses: list[str], found: list[str]
) -> None:
    settings.GATEWAY_HEADER, settings.GATEWAY_TRUSTED_ADDRESSES = header, addresses

    assert [problem.id for problem in gateway_addresses()] == found
