"""One's own notices: by group, read by oneself only; the bell's panel."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from zhongshi.accounts.actors import Actor
from zhongshi.core.models import Notification

PART = {"HTTP_HX_REQUEST": "true", "HTTP_HX_REQUEST_TYPE": "partial"}


def _notice(actor: Actor, key: str, path: str = "/needs/", event: str = "need.scored") -> Notification:
    params = {"number": "N-2026-0001", "count": 4, "title": "发酵中试", "capability": "发酵线", "question": "粘度？"}
    return Notification.objects.create(recipient=actor.user, event=event, params=params, path=path, dedupe_key=key)


def _keys(items: Any) -> list[str]:
    return [item.row.dedupe_key for item in items]


def test_only_ones_own_are_listed_by_group_newest_first(client: Client, enterprise: Actor, enterprise2: Actor) -> None:
    for key, event in (("a", "need.scored"), ("b", "match.asked"), ("c", "need.scored"), ("d", "no.more")):
        _notice(enterprise, key, event=event)
    _notice(enterprise2, "theirs")
    client.force_login(enterprise.user)

    page = client.get("/notifications/?lang=en")

    found = [(str(section.group.value), _keys(section.items)) for section, _url in page.context["sections"]]
    assert found == [("action", ["b"]), ("progress", ["d", "c", "a"])]
    html = page.content.decode()
    assert "N-2026-0001: 4 capabilities may fit" in html
    assert ">Deal with it<" in html
    assert '<span id="bell-count" class="tool-count">4<' in html
    assert "4 notices, newest first" in html


def test_a_group_and_the_unread_are_addresses(client: Client, enterprise: Actor) -> None:
    for key, event in (("a", "need.scored"), ("b", "match.asked"), ("c", "match.asked")):
        _notice(enterprise, key, event=event)
    Notification.objects.filter(dedupe_key="b").update(read_at="2026-11-21T08:00:00Z")
    client.force_login(enterprise.user)

    assert _keys(client.get("/notifications/?group=action").context["items"]) == ["c", "b"]
    page = client.get("/notifications/?group=action&unread=1")
    assert _keys(page.context["items"]) == ["c"]
    assert [(tab["name"], tab["count"], tab["is_current"]) for tab in page.context["tabs"]] == [
        ("", 2, False),
        ("action", 1, True),
        ("progress", 1, False),
        ("system", 0, False),
    ]
    assert page.context["switch"] == "/notifications/?group=action"
    sections = client.get("/notifications/?unread=1&group=nonsense").context["sections"]
    assert [_keys(section.items) for section, _url in sections] == [["c"], ["a"]]


def test_pages_keep_the_group_and_htmx_gets_the_list_alone(client: Client, enterprise: Actor) -> None:
    for number in range(25):
        _notice(enterprise, f"k{number:02}", event="match.asked")
    client.force_login(enterprise.user)

    page = client.get("/notifications/?group=action&page=2")
    part = client.get("/notifications/?group=action", **PART)

    assert _keys(page.context["items"]) == ["k04", "k03", "k02", "k01", "k00"]
    assert page.context["links"][0].url == "/notifications/?group=action&page=1"
    html = part.content.decode()
    assert html.lstrip().startswith('<div id="notices">')
    assert '<span id="bell-count" hx-swap-oob="true" class="tool-count">25<' in html
    assert "<html" not in html
    assert "HX-Request" in part["Vary"]


@pytest.mark.parametrize("address", ["/notifications/", "/notifications/?group=progress"])
def test_thirty_notices_cost_as_many_queries_as_one(
    client: Client, enterprise: Actor, django_assert_num_queries: DjangoAssertNumQueries, address: str
) -> None:
    client.force_login(enterprise.user)
    for rows in (1, 30):
        while Notification.objects.count() < rows:
            _notice(enterprise, f"k{Notification.objects.count()}")
        with django_assert_num_queries(8):
            client.get(address)


def test_nothing_yet_and_nothing_unread_say_what_next(client: Client, enterprise: Actor) -> None:
    client.force_login(enterprise.user)

    assert 'href="/accounts/workspace/">' in client.get("/notifications/").content.decode().split('class="empty"')[1]
    _notice(enterprise, "a")
    Notification.objects.update(read_at="2026-11-21T08:00:00Z")
    page = client.get("/notifications/?unread=1&lang=en").content.decode()
    assert "Nothing unread" in page
    assert '<a class="button" href="/notifications/">Show all</a>' in page


def test_reading_marks_and_leads_on(client: Client, enterprise: Actor) -> None:
    notice = _notice(enterprise, "a")
    client.force_login(enterprise.user)

    answer = client.post(f"/notifications/{notice.uuid}/read/")

    assert answer["Location"] == "/needs/"
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_marking_without_opening_returns_to_the_list(client: Client, enterprise: Actor) -> None:
    notice = _notice(enterprise, "a")
    client.force_login(enterprise.user)

    answer = client.post(f"/notifications/{notice.uuid}/read/", {"next": "/notifications/?group=progress"})

    assert answer["Location"] == "/notifications/?group=progress"
    notice.refresh_from_db()
    assert notice.read_at is not None


@pytest.mark.parametrize("path", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", ""])
def test_a_notice_never_leads_to_another_host(client: Client, enterprise: Actor, path: str) -> None:
    notice = _notice(enterprise, "a", path=path)
    client.force_login(enterprise.user)

    assert client.post(f"/notifications/{notice.uuid}/read/")["Location"] == "/notifications/"
    assert client.post(f"/notifications/{notice.uuid}/read/", {"next": path})["Location"] == "/notifications/"
    assert client.post("/notifications/read/", {"next": path})["Location"] == "/notifications/"


def test_somebody_elses_notice_is_not_found_and_stays_unread(
    client: Client, enterprise: Actor, enterprise2: Actor
) -> None:
    notice = _notice(enterprise, "a")
    client.force_login(enterprise2.user)

    assert client.post(f"/notifications/{notice.uuid}/read/").status_code == 404
    client.post("/notifications/read/")
    notice.refresh_from_db()
    assert notice.read_at is None


def test_all_that_was_on_the_page_is_marked_and_no_more(client: Client, enterprise: Actor) -> None:
    seen, other_group = _notice(enterprise, "a"), _notice(enterprise, "b", event="match.asked")
    newer = _notice(enterprise, "c")
    client.force_login(enterprise.user)

    answer = client.post(
        "/notifications/read/", {"group": "progress", "up_to": seen.pk, "next": "/notifications/?group=progress"}
    )

    assert answer["Location"] == "/notifications/?group=progress"
    unread = Notification.objects.filter(read_at__isnull=True).values_list("dedupe_key", flat=True)
    assert sorted(unread) == sorted([other_group.dedupe_key, newer.dedupe_key])
    client.post("/notifications/read/", {"up_to": "99999999999999999999"})
    assert Notification.objects.filter(read_at__isnull=True).count() == 0


def test_looking_does_not_mark_and_a_link_cannot(client: Client, enterprise: Actor) -> None:
    notice = _notice(enterprise, "a")
    client.force_login(enterprise.user)

    client.get("/notifications/")
    client.get("/notifications/panel/", **PART)
    assert client.get(f"/notifications/{notice.uuid}/read/").status_code == 405
    assert client.get("/notifications/read/").status_code == 405
    notice.refresh_from_db()
    assert notice.read_at is None


def test_the_panel_holds_what_waits_first_and_is_a_page_without_htmx(client: Client, enterprise: Actor) -> None:
    for number in range(8):
        _notice(enterprise, f"k{number}")
    _notice(enterprise, "todo", event="match.asked")
    _notice(enterprise, "news")
    Notification.objects.exclude(dedupe_key__in=["k0", "k1", "todo", "news"]).update(read_at="2026-11-21T08:00:00Z")
    client.force_login(enterprise.user)

    panel = client.get("/notifications/panel/?from=/needs/", **PART)

    assert _keys(panel.context["items"]) == ["todo", "news", "k1", "k0", "k7", "k6"]
    html = panel.content.decode()
    assert '<input type="hidden" name="next" value="/needs/">' in html
    assert "<html" not in html
    assert client.get("/notifications/panel/")["Location"] == "/notifications/"
    foreign = client.get("/notifications/panel/?from=//evil.example/", **PART)
    assert 'name="next" value="/notifications/"' in foreign.content.decode()


def test_a_notice_whose_words_ask_for_more_than_it_knows_is_shown_with_gaps(client: Client, enterprise: Actor) -> None:
    Notification.objects.create(recipient=enterprise.user, event="match.quoted", params={}, dedupe_key="old")
    client.force_login(enterprise.user)

    assert "“…” quotes" in client.get("/notifications/?lang=en").content.decode().replace("&quot;…&quot;", "“…”")
