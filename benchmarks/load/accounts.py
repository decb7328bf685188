"""Signing in as one of the accounts `people` made."""

from __future__ import annotations

import json

from .calling import Call, Line

PASSWORD = "load-only-password"  # noqa: S105 - of a database that is thrown away


def token_of(url: str, username: str) -> str:
    """A token of the API. Exits where the service refuses."""
    body = json.dumps({"username": username, "password": PASSWORD}).encode()
    status, answer = Line(url).call(Call("POST", "/api/v1/auth/token/", body, (("Content-Type", "application/json"),)))
    if status != 200:
        raise SystemExit(f"Signing in as {username} was answered with {status}: {answer[:300]!r}")
    return str(json.loads(answer)["token"])
