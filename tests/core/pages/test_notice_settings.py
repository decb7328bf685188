"""What one wants to be told outside the page."""

from datetime import time
from typing import Any

import pytest
from django.test import Client

from zhongshi.accounts.actors import Actor
from zhongshi.core.models import Channel, Delivery, NoticeSettings, Notification, Robot

URL = "/notifications/settings/"


def _on(client: Client) -> list[str]:
    """Everything the page shows as ticked."""
    return sorted(client.get(URL).context["form"].switched_on)


def _sent(client: Client, **change: Any) -> dict[str, Any]:
    data = {"on": _on(client), "digest": "now", "digest_hour": "8", "quiet_from": "22:00", "quiet_to": "07:30"}
    return data | change


def test_everything_is_on_at_first_and_nothing_is_stored_by_looking(client: Client, operator: Actor) -> None:
    client.force_login(operator.user)

    page = client.get(f"{URL}?lang=en")

    assert page.context["channels"] == ["E-mail"]
    form = page.context["form"]
    assert form.switched_on == {f"mail:{event.name}" for event in form.events}
    names = {event.name for event in form.events}
    assert "match.approved" in names
    assert "match.quoted" not in names
    html = page.content.decode()
    assert '<input type="checkbox" name="on" value="mail:match.approved" checked>' in html
    assert NoticeSettings.objects.count() == 0


def test_what_is_chosen_is_kept(client: Client, operator: Actor) -> None:
    client.force_login(operator.user)
    on = [pair for pair in _on(client) if pair != "mail:match.expired"]

    answer = client.post(URL, _sent(client, on=on, digest="daily", digest_hour="9", is_quiet="on"))

    assert answer["Location"] == URL
    row = NoticeSettings.objects.get()
    assert row.user_id == operator.user.pk
    assert (row.muted, row.digest_hour) == (["mail:match.expired"], 9)
    assert (row.quiet_from, row.quiet_to) == (time(22), time(7, 30))
    assert _on(client) == on
    client.post(URL, _sent(client))
    row.refresh_from_db()
    assert (row.digest_hour, row.quiet_from, row.quiet_to) == (None, None, None)


def test_choices_of_another_role_or_channel_are_kept(client: Client, operator: Actor) -> None:
    NoticeSettings.objects.create(user=operator.user, muted=["mail:match.quoted", "wecom:match.approved"])
    client.force_login(operator.user)

    client.post(URL, _sent(client, on=[]))

    muted = NoticeSettings.objects.get().muted
    assert {"mail:match.quoted", "wecom:match.approved", "mail:match.approved"} <= set(muted)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"is_quiet": "on", "quiet_from": ""}, "quiet_from"),
        ({"is_quiet": "on", "quiet_to": "25:00"}, "quiet_to"),
        ({"is_quiet": "on", "quiet_from": "08:00", "quiet_to": "08:00"}, "quiet_to"),
        ({"digest": "daily", "digest_hour": "24"}, "digest_hour"),
        ({"digest": "hourly"}, "digest"),
        ({"on": ["mail:no.such"]}, "on"),
    ],
)
def test_a_refused_form_keeps_what_was_typed_and_stores_nothing(
    client: Client, operator: Actor, change: dict[str, Any], field: str
) -> None:
    client.force_login(operator.user)

    page = client.post(URL, _sent(client, on=["mail:match.approved"]) | change)

    assert page.status_code == 400
    assert list(page.context["form"].errors) == [field]
    html = page.content.decode()
    assert 'id="errors"' in html
    if field != "on":
        assert html.count(" checked>") >= 1
        assert '<input type="checkbox" name="on" value="mail:match.expired">' in html
    assert NoticeSettings.objects.count() == 0


def test_channels_of_the_organizations_robots_have_a_column(client: Client, operator: Actor, operator2: Actor) -> None:
    for organization, kind, is_active in (
        (operator.organization, Channel.FEISHU, True),
        (operator.organization, Channel.WECOM, False),
        (operator2.organization, Channel.DINGTALK, True),
    ):
        Robot.objects.create(organization=organization, kind=kind, name="群", address="x", is_active=is_active)
    client.force_login(operator.user)

    page = client.get(f"{URL}?lang=en")

    assert page.context["channels"] == ["E-mail", "Feishu"]
    assert 'value="feishu:match.approved" checked' in page.content.decode()


def test_the_log_says_what_was_sent_and_why_not(client: Client, operator: Actor, operator2: Actor) -> None:
    for actor, key, state, problem in (
        (operator, "a", "sent", ""),
        (operator, "b", "failed", "no answer in time"),
        (operator2, "c", "dead", "SMTP 550"),
    ):
        notice = Notification.objects.create(
            recipient=actor.user, event="match.approved", dedupe_key=key, params={"title": f"线索{key}"}
        )
        Delivery.objects.create(
            key=key, channel="mail", recipient=actor.user, notification=notice, state=state, problem=problem
        )
    client.force_login(operator.user)

    page = client.get(f"{URL}?lang=en")

    log = [(sent.row.key, sent.row.state, sent.why) for sent in page.context["log"]]
    assert log == [("b", "failed", "No answer came in time."), ("a", "sent", "")]
    assert "SMTP 550" not in page.content.decode()
