"""Browsers: Django's client signed in as one of the people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from zhongshi.accounts.actors import Actor

BrowserOf = Callable[[Actor], Client]


@pytest.fixture
def browser_of() -> BrowserOf:
    """Give a client that is signed in as an actor and reads English."""

    def signed_in(actor: Actor) -> Client:
        client = Client()
        client.force_login(actor.user)
        client.cookies["language"] = "en"
        return client

    return signed_in
