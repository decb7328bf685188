"""One's own notices: read by oneself only."""

from django.test import Client

from zhongshi.accounts.actors import Actor
from zhongshi.core.models import Notification


def _notice(actor: Actor, key: str, path: str = "/needs/") -> Notification:
    params = {"number": "N-2026-0001", "count": 4, "title": "发酵中试"}
    return Notification.objects.create(
        recipient=actor.user, event="need.scored", params=params, path=path, dedupe_key=key
    )


def test_only_ones_own_are_listed_newest_first(client: Client, enterprise: Actor, enterprise2: Actor) -> None:
    mine = [_notice(enterprise, "a"), _notice(enterprise, "b")]
    _notice(enterprise2, "c")
    client.force_login(enterprise.user)

    page = client.get("/notifications/?lang=en")

    assert [row.pk for row, _title, _body in page.context["notices"]] == [mine[1].pk, mine[0].pk]
    assert page.context["notices"][0][1] == "N-2026-0001: 4 capabilities may fit"
    assert "Notifications, 2 unread" in page.content.decode()


def test_reading_marks_and_leads_on(client: Client, enterprise: Actor) -> None:
    notice = _notice(enterprise, "a")
    client.force_login(enterprise.user)

    answer = client.post(f"/notifications/{notice.uuid}/read/")

    assert answer["Location"] == "/needs/"
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_a_notice_never_leads_to_another_host(client: Client, enterprise: Actor) -> None:
    notice = _notice(enterprise, "a", path="//evil.example/")
    client.force_login(enterprise.user)

    assert client.post(f"/notifications/{notice.uuid}/read/")["Location"] == "/notifications/"


def test_somebody_elses_notice_is_not_found_and_stays_unread(
    client: Client, enterprise: Actor, enterprise2: Actor
) -> None:
    notice = _notice(enterprise, "a")
    client.force_login(enterprise2.user)

    assert client.post(f"/notifications/{notice.uuid}/read/").status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_looking_does_not_mark_and_a_link_cannot(client: Client, enterprise: Actor) -> None:
    notice = _notice(enterprise, "a")
    client.force_login(enterprise.user)

    client.get("/notifications/")
    assert client.get(f"/notifications/{notice.uuid}/read/").status_code == 405
    notice.refresh_from_db()
    assert notice.read_at is None
