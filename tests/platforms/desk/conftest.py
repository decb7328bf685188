"""A browser of the operator that runs `capability`, reading English."""

import pytest
from django.test import Client

from zhongshi.accounts.actors import Actor


def signed_in(actor: Actor) -> Client:
    """A client that is signed in as the actor and reads English."""
    client = Client()
    client.force_login(actor.user)
    client.cookies["language"] = "en"
    return client


@pytest.fixture
def browser(operator: Actor) -> Client:
    return signed_in(operator)


@pytest.fixture
def stranger(operator2: Actor) -> Client:
    """Another operator's."""
    return signed_in(operator2)
