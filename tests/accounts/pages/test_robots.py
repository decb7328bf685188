"""Group robots of an organization: added, tested, paused, removed; what was entered is never shown again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from tests.core.receiver import Receiver
from tests.factories import make_actor
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.models import Membership, Zone
from zhongshi.core.models import AuditEntry, Channel, Delivery, Robot

pytestmark = pytest.mark.django_db(transaction=True)
URL = "/notifications/robots/"
FORM = {
    "kind": "dingtalk",
    "name": "中试项目群",
    "address": "https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef",
    "secret": "SEC-0123456789",
    "language": "zh-hans",
}


@pytest.fixture
def manager(zone: Zone) -> Actor:
    """Manages an operator's organization."""
    actor = make_actor(Role.OPERATOR, zone, username="manager")
    Membership.objects.filter(user=actor.user).update(is_manager=True)
    return actor


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOK_LOOPBACK_HOSTS = ["127.0.0.1"]
    with Receiver() as running:
        yield running


def _robot(actor: Actor, **columns: Any) -> Robot:
    values = {"kind": Channel.WECOM, "name": "群", "address": FORM["address"], "secret": "s3cret-of-robot"}
    return Robot.objects.create(organization=actor.organization, **values | columns)


def _deeds() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_a_manager_adds_a_robot_whose_secrets_are_not_shown_again(client: Client, manager: Actor) -> None:
    client.force_login(manager.user)

    answer = client.post(URL, FORM)

    assert answer["Location"] == URL
    row = Robot.objects.get()
    assert (row.organization, row.kind, row.name, row.created_by) == (
        manager.organization,
        "dingtalk",
        "中试项目群",
        manager.user,
    )
    assert (row.address, row.secret) == (FORM["address"], FORM["secret"])
    html = client.get(f"{URL}?lang=en").content.decode()
    assert "address ends in cdef" in html
    assert "0123456789abcdef" not in html
    assert FORM["secret"] not in html
    [entry] = AuditEntry.objects.all()
    assert (entry.action, entry.object_id, entry.actor) == ("robot_added", row.uuid, manager.user)
    assert "0123456789" not in json.dumps(entry.detail)


def test_the_zones_office_adds_one_for_itself(client: Client, zone_admin: Actor) -> None:
    client.force_login(zone_admin.user)

    client.post(URL, FORM)

    assert Robot.objects.get().organization == zone_admin.organization


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"address": "https://evil.example/hook"}, "address"),
        ({"address": "http://oapi.dingtalk.com/robot/send"}, "address"),
        ({"address": "https://169.254.169.254/latest/"}, "address"),
        ({"address": "https://oapi.dingtalk.com:8080/"}, "address"),
        ({"address": "javascript:alert(1)"}, "address"),
        ({"address": ""}, "address"),
        ({"kind": "mail"}, "kind"),
        ({"name": ""}, "name"),
        ({"kind": "webhook", "secret": "too-short"}, "secret"),
    ],
)
def test_a_refused_form_keeps_what_was_typed_and_adds_nothing(
    client: Client, manager: Actor, change: dict[str, str], field: str
) -> None:
    client.force_login(manager.user)

    page = client.post(URL, FORM | change)

    assert page.status_code == 400
    assert list(page.context["form"].errors) == [field]
    html = page.content.decode()
    assert f'href="#id_{field}"' in html
    assert f'value="{(FORM | change)["secret"]}"' in html
    assert Robot.objects.count() == 0
    assert _deeds() == []


def test_ten_robots_are_enough(client: Client, manager: Actor) -> None:
    for number in range(10):
        _robot(manager, name=f"群{number}")
    client.force_login(manager.user)

    assert client.post(URL, FORM).status_code == 400
    assert Robot.objects.count() == 10


def test_the_test_shows_the_robots_own_answer(client: Client, manager: Actor, receiver: Receiver) -> None:
    row = _robot(manager, address=f"{receiver.url}/send?key=1")
    receiver.answers = [
        (200, b'{"errcode":0,"errmsg":"ok"}', {}),
        (200, b'{"errcode":93000,"errmsg":"invalid webhook url"}', {}),
        (503, b"", {}),
        "hang up",
    ]
    client.force_login(manager.user)

    said = []
    for _ in range(4):
        page = client.post(f"{URL}{row.uuid}/test/?lang=en", follow=True)
        [message] = page.context["messages"]
        said.append((message.level_tag, str(message)))

    assert said == [
        ("success", "群 took the test message. Its answer: 0 ok"),
        ("error", "群 did not take the test message: 93000 invalid webhook url"),
        ("error", "群 did not take the test message: HTTP 503"),
        ("error", "群 did not take the test message: the connection failed (RemoteProtocolError)"),
    ]
    assert "中试云" in json.loads(receiver.calls[0].body)["markdown"]["content"]
    assert _deeds() == ["robot_tested"] * 4
    assert Delivery.objects.count() == 0


def test_a_robot_is_paused_resumed_and_removed(client: Client, manager: Actor) -> None:
    row = _robot(manager)
    Delivery.objects.create(key="k", channel="wecom", robot=row, state="sent")
    client.force_login(manager.user)

    for value, expected in (("0", False), ("0", False), ("1", True)):
        assert client.post(f"{URL}{row.uuid}/switch/", {"is_active": value})["Location"] == URL
        row.refresh_from_db()
        assert row.is_active is expected
    client.post(f"{URL}{row.uuid}/remove/")

    assert Robot.objects.count() == 0
    assert Delivery.objects.get().robot is None
    assert _deeds() == ["robot_paused", "robot_resumed", "robot_removed"]


@pytest.mark.parametrize("deed", ["test", "switch", "remove"])
def test_nobody_touches_the_robots_of_others(
    client: Client, manager: Actor, operator: Actor, zone_admin: Actor, deed: str
) -> None:
    row = _robot(manager)
    for actor, status in ((operator, 403), (zone_admin, 404)):
        client.force_login(actor.user)
        assert client.post(f"{URL}{row.uuid}/{deed}/", {"is_active": "0"}).status_code == status
    plain = make_actor(Role.OPERATOR, manager.zone, organization=manager.organization)
    client.force_login(plain.user)
    assert client.post(f"{URL}{row.uuid}/{deed}/", {"is_active": "0"}).status_code == 403
    assert client.get(URL).status_code == 403

    row.refresh_from_db()
    assert row.is_active
    assert _deeds() == []


def test_the_log_shows_ones_own_robots_only(client: Client, manager: Actor, zone_admin: Actor) -> None:
    Delivery.objects.create(key="a", channel="wecom", robot=_robot(manager), state="dead", problem="HTTP 500")
    Delivery.objects.create(key="b", channel="wecom", robot=_robot(zone_admin), state="dead", problem="HTTP 404")
    client.force_login(manager.user)

    page = client.get(URL)

    assert [(sent.row.key, sent.why) for sent in page.context["log"]] == [("a", "HTTP 500")]
