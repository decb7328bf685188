"""The page of dead letters: what is on it, what it does, and whom it does not exist for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection
from django.test import Client
from django.utils import timezone

from requests.models import Need
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import User
from zhongshi.core import backlog, deadletters, metrics, outbox
from zhongshi.core.errors import StaleTransition
from zhongshi.core.models import AuditEntry, OutboxEvent

SCORE = "matching.services.scoring.need_score"
SEND = "zhongshi.core.notifications.sending.send"
LIST = "/operations/"
pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def root(db: None) -> User:
    return User.objects.create_superuser("root", password="irrelevant-here", language="en")


@pytest.fixture
def page(root: User, client: Client) -> Client:
    """A client of whoever runs the service, reading English."""
    client.force_login(root)
    client.cookies["language"] = "en"
    return client


def _dead(key: str = "k", handler: str = SCORE, **fields: Any) -> OutboxEvent:
    """One dead row of yesterday; `fields` replace its own."""
    yesterday = timezone.now() - timedelta(days=1)
    row = {
        "topic": "need.opened",
        "handler": handler,
        "key": key,
        "payload": {"need_id": 1, "revision": 1},
        "state": "dead",
        "attempts": 8,
        "last_error": "RuntimeError: <boom>",
        "available_at": yesterday,
        "died_at": yesterday,
    }
    return OutboxEvent.objects.create(**row | fields)


def _detail(event: OutboxEvent) -> str:
    return f"/operations/dead/{event.pk}/"


def test_without_dead_letters_the_page_says_so(page: Client) -> None:
    text = page.get(LIST).content.decode()

    assert "No dead letters" in text
    assert "0 dead letters to decide" in text
    assert "nothing waits" in text
    assert "the broker gives no answer" in text
    assert "notice-bad" not in text


def test_the_list_says_what_died_how_often_and_why(page: Client) -> None:
    row = _dead()
    _dead("other", handler=SEND, dismissed_at=timezone.now())

    text = page.get(LIST).content.decode()

    assert "1 dead letter to decide" in text
    assert f'href="{_detail(row)}">Match a need</a>' in text
    assert "RuntimeError: &lt;boom&gt;" in text
    assert "1 given up for good" in text
    assert "Send a mail or tell a robot" not in text


def test_the_list_narrows_by_work_and_shows_what_was_given_up(page: Client) -> None:
    _dead("a"), _dead("b", handler=SEND), _dead("c", handler=SEND, dismissed_at=timezone.now())

    by_work = page.get(LIST, {"work": SEND})
    given_up = page.get(LIST, {"given_up": "1"})
    nothing = page.get(LIST, {"work": "no.such"})

    assert [row.key for row, _words in by_work.context["items"]] == ["b"]
    assert [row.key for row, _words in given_up.context["items"]] == ["c"]
    assert b"No dead letter of this kind" in nothing.content
    assert [row.key for row, _words in page.get(LIST, {"sort": "oldest"}).context["items"]] == ["a", "b"]


def test_htmx_gets_the_part(page: Client) -> None:
    part = page.get(LIST, headers={"HX-Request": "true", "HX-Request-Type": "partial"}).content.decode()

    assert part.startswith('<div id="operations"')


def test_what_waits_longest_is_shown_with_its_age(page: Client) -> None:
    long_ago = timezone.now() - timedelta(hours=3, minutes=1)
    _dead("waits", state="pending", available_at=long_ago, died_at=None, attempts=2)
    _dead("rests", state="pending", available_at=timezone.now() + timedelta(hours=1), died_at=None)
    _dead("held", state="leased", lease_until=timezone.now(), lease_token="0" * 32, died_at=None)

    answer = page.get(LIST)

    assert (answer.context["standing"].due, answer.context["standing"].resting) == (1, 1)
    assert answer.context["standing"].running == 1
    assert [(kind.handler, kind.waiting) for kind, _words in answer.context["kinds"]] == [(SCORE, 1)]
    assert "the oldest for 3 hours" in answer.content.decode()


def test_nothing_waits_where_nothing_is_owed(db: None) -> None:
    assert (backlog.standing().oldest_seconds, backlog.kinds()) == (0, [])


def test_ticked_rows_are_tried_again_and_the_trail_knows_by_whom(page: Client, root: User) -> None:
    ticked, left = _dead("ticked", crashes=2), _dead("left")

    answer = page.post(LIST, {"event": [ticked.pk, "no number"]}, follow=True)

    ticked.refresh_from_db(), left.refresh_from_db()
    assert (ticked.state, ticked.attempts, ticked.crashes, ticked.died_at) == ("pending", 0, 0, None)
    assert left.state == "dead"
    assert "1 is tried again." in answer.content.decode()
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.object_kind) == ("outbox.retried", root, "outboxevent")
    assert entry.detail == {"topic": "need.opened", "key": "ticked", "attempts": 8, "crashes": 2}


def test_all_of_a_filter_are_tried_again(page: Client) -> None:
    for n in range(60):
        _dead(f"{n}", handler=SEND)
    _dead("other")

    page.post(f"{LIST}?work={SEND}", {"all": "1"})

    assert OutboxEvent.objects.filter(state="pending", handler=SEND).count() == 60
    assert OutboxEvent.objects.get(key="other").state == "dead"


def test_nothing_ticked_does_nothing_and_says_so(page: Client) -> None:
    _dead()

    assert "Nothing was ticked." in page.post(LIST, follow=True).content.decode()
    assert deadletters.unseen().count() == 1


def test_who_comes_second_is_told_on_the_list(page: Client) -> None:
    row = _dead()
    OutboxEvent.objects.update(state="pending")

    text = page.post(LIST, {"event": [row.pk]}, follow=True).content.decode()

    assert "1 was not dead any more" in text
    assert AuditEntry.objects.count() == 0


def test_one_dead_letter_with_all_that_is_known(page: Client, need: Need) -> None:
    row = _dead(payload={"need_id": need.pk, "revision": 1}, crashes=1)

    text = page.get(_detail(row)).content.decode()

    assert "Match a need" in text
    assert "RuntimeError: &lt;boom&gt;" in text
    assert f'href="/admin/requests/need/{need.pk}/change/"' in text
    assert need.title not in text, "the page names things, it does not disclose them"
    assert "Nobody has decided anything yet." in text


def test_a_thing_that_is_gone_has_no_link(db: None) -> None:
    gone = deadletters.things_of({"need_id": 0, "revision": 1})

    assert [thing.path for thing in gone] == [""]


def test_a_row_that_killed_its_workers_has_no_error_to_show(page: Client) -> None:
    row = _dead(last_error="", crashes=4)

    assert "Its workers died" in page.get(_detail(row)).content.decode()
    assert "no error: its workers died over it" in page.get(LIST).content.decode()


def test_one_is_tried_again(page: Client) -> None:
    row = _dead()

    answer = page.post(_detail(row), {"deed": "retry"})

    row.refresh_from_db()
    assert (answer.status_code, answer["Location"], row.state) == (302, LIST, "pending")
    assert [entry.action for entry in deadletters.trail(row)] == ["outbox.retried"]


def test_giving_up_wants_a_note_keeps_it_and_silences_the_alarm(page: Client, root: User) -> None:
    row = _dead()

    refused = page.post(_detail(row), {"deed": "give_up", "note": "  "})
    assert refused.status_code == 400
    assert "Please say why this need not be done." in refused.content.decode()
    too_long = page.post(_detail(row), {"deed": "give_up", "note": "x" * 501})
    assert (too_long.status_code, "x" * 501 in too_long.content.decode()) == (400, True)
    assert page.post(_detail(row), {"deed": "burn"}).status_code == 400
    assert (deadletters.unseen().count(), AuditEntry.objects.count()) == (1, 0)

    page.post(_detail(row), {"deed": "give_up", "note": "The need was withdrawn."})

    row.refresh_from_db()
    assert (row.state, row.dismissed_at is None) == ("dead", False)
    assert (deadletters.unseen().count(), deadletters.dead().count()) == (0, 1)
    assert [(e.action, e.note, e.actor) for e in deadletters.trail(row)] == [
        ("outbox.given_up", "The need was withdrawn.", root)
    ]
    assert "The need was withdrawn." in page.get(_detail(row)).content.decode()


def test_what_was_given_up_can_still_be_tried_again(page: Client) -> None:
    row = _dead(dismissed_at=timezone.now())

    page.post(_detail(row), {"deed": "retry"})

    row.refresh_from_db()
    assert (row.state, row.dismissed_at) == ("pending", None)


def test_who_comes_second_is_told_and_keeps_what_was_typed(page: Client) -> None:
    row = _dead()
    OutboxEvent.objects.update(state="pending")

    answer = page.post(_detail(row), {"deed": "give_up", "note": "My long reason"})

    assert answer.status_code == 409
    assert "Somebody else has changed this in the meantime." in answer.content.decode()
    assert "My long reason" in answer.content.decode()


def test_a_living_row_has_no_page(page: Client) -> None:
    assert page.get(_detail(_dead(state="pending"))).status_code == 404
    assert page.get("/operations/dead/999999999/").status_code == 404


@pytest.mark.parametrize("who", ["enterprise", "operator", "zone_admin", "other_zone_admin"])
def test_it_does_not_exist_for_people_of_the_zones(who: str, request: pytest.FixtureRequest, client: Client) -> None:
    actor: Actor = request.getfixturevalue(who)
    row = _dead()
    client.force_login(actor.user)

    answers = [client.get(LIST), client.post(LIST, {"all": "1"}), client.get(_detail(row)), client.post(_detail(row))]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert deadletters.unseen().count() == 1


def test_visitors_sign_in_first(client: Client, db: None) -> None:
    assert client.get(LIST).status_code == 302


def test_staff_who_may_only_look_change_nothing(client: Client, db: None) -> None:
    row = _dead()
    person = User.objects.create_user("watcher", is_staff=True)
    client.force_login(person)
    assert client.get(LIST).status_code == 404

    person.user_permissions.add(Permission.objects.get(codename="view_outboxevent"))

    assert client.get(LIST).status_code == 200
    assert client.post(LIST, {"event": [row.pk]}).status_code == 403
    assert client.post(_detail(row), {"deed": "retry"}).status_code == 403
    assert deadletters.unseen().count() == 1


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_for_any_number(
    rows: int, page: Client, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for n in range(rows):
        _dead(f"{n}"), _dead(f"w{n}", state="pending")
    page.get(LIST)

    with django_assert_num_queries(11):
        page.get(LIST)


def test_only_dead_rows_can_be_given_up(db: None) -> None:
    with pytest.raises(IntegrityError):
        _dead(state="pending", dismissed_at=timezone.now())


def test_the_alarm_counts_what_nobody_has_decided_about(db: None, client: Client) -> None:
    _dead("a"), _dead("b"), _dead("c", dismissed_at=timezone.now())

    assert b'zhongshi_outbox_dead{topic="need.opened"} 2.0' in metrics.exposition()
    assert client.get("/readyz").json()["dead"] == 2


def test_every_handler_has_words() -> None:
    handlers = {handler for found in outbox._subscribers.values() for handler in found if handler.startswith(OURS)}

    assert {handler for handler in handlers if outbox.words_of(handler) == handler} == set()


OURS = ("zhongshi.", "platforms.", "requests.", "matching.")


def test_the_admin_leads_here_and_changes_nothing(page: Client) -> None:
    row = _dead()

    text = page.get("/admin/core/outboxevent/").content.decode()

    assert _detail(row) in text
    assert "revive" not in text


@pytest.mark.django_db(transaction=True)
def test_of_six_who_retry_at_once_one_wins_each_time() -> None:
    people = [User.objects.create_superuser(f"root{n}") for n in range(6)]
    for turn in range(10):
        row = _dead(f"{turn}")
        outcomes: list[str] = []
        start = threading.Barrier(len(people))

        def retry(person: User, row: OutboxEvent = row, start: threading.Barrier = start) -> None:
            start.wait()
            try:
                deadletters.retry(actor=person, event=row)
                outcomes.append("won")  # noqa: B023 - joined below
            except StaleTransition as refusal:
                outcomes.append(refusal.code)  # noqa: B023
            finally:
                connection.close()

        threads = [threading.Thread(target=retry, args=[person]) for person in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(outcomes) == ["lost_race"] * 5 + ["won"]
    assert AuditEntry.objects.filter(action="outbox.retried").count() == 10
