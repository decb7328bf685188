"""Mail as a server gets it: what arrives, what a refusal becomes, and a letter that was taken without a word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.core.mail_server import MailServer
from tests.core.posting import make_due, work
from zhongshi.accounts.actors import Actor
from zhongshi.core import notifications
from zhongshi.core.models import Delivery, OutboxEvent

pytestmark = pytest.mark.django_db(transaction=True)
PARAMS = {"number": "N-2026-0001", "title": '发酵放大 <b onclick="x()">', "capability": "发酵线", "question": "粘度？"}


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with MailServer() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


def _tell(actor: Actor) -> Delivery:
    notifications.owe([actor.user], "match.asked", key="k", path="/needs/x/matches/", params=PARAMS)
    work()
    return Delivery.objects.get()


def test_a_letter_arrives_in_two_parts_with_its_words(server: MailServer, enterprise: Actor) -> None:
    delivery = _tell(enterprise)

    assert (delivery.state, delivery.problem) == ("sent", "")
    [letter] = server.letters
    assert letter["To"] == enterprise.user.email
    assert letter["Subject"] == "N-2026-0001：有机构提问"
    plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert '发酵放大 <b onclick="x()">' in plain.get_content()
    assert "<b onclick" not in html.get_content()
    assert "发酵放大 &lt;b onclick=" in html.get_content()
    assert 'href="http://127.0.0.1:8000/needs/x/matches/"' in html.get_content()
    assert '<a href="http://127.0.0.1:8000/notifications/settings/"' in html.get_content()


def test_a_letter_taken_without_a_word_comes_again_with_the_same_id(server: MailServer, enterprise: Actor) -> None:
    server.hang_up = True
    delivery = _tell(enterprise)
    assert (delivery.state, delivery.attempts) == ("failed", 1)
    assert delivery.problem.startswith(("SMTP", "mail server away"))

    server.hang_up = False
    make_due(key=f"delivery:{delivery.pk}")
    work()

    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("sent", 2)
    first, second = server.letters
    assert first["Message-ID"] == second["Message-ID"] != ""


@pytest.mark.parametrize(
    ("refusal", "state", "event_state"),
    [("550 no such box", "dead", "dead"), ("451 come back", "failed", "pending")],
)
def test_a_refusal_for_good_and_one_for_now(
    server: MailServer, enterprise: Actor, refusal: str, state: str, event_state: str
) -> None:
    server.refuse = refusal

    delivery = _tell(enterprise)

    assert (delivery.state, delivery.problem) == (state, f"SMTP {refusal[:3]}: recipient refused")
    assert OutboxEvent.objects.get(key=f"delivery:{delivery.pk}").state == event_state
    assert server.letters == []
