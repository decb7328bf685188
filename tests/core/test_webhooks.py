"""Robots: their formats and signatures as a real receiver sees them, and which answers count as taken."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.core.receiver import Call, Receiver
from zhongshi.core import webhooks
from zhongshi.core.models import Channel, Robot
from zhongshi.core.webhook_formats import Message

NOW = datetime(2026, 11, 21, 1, 2, 3, 456_000, tzinfo=UTC)
SECRET = "SEC-0123456789abcdef"
MESSAGE = Message(
    id="019a0000-0000-7000-8000-000000000001",
    event="match.approved",
    group="action",
    title="新线索：发酵放大",
    text="需求“发酵放大”符合您的能力。",
    link="https://zhongshi.example.cn/desk/leads/1/",
    at=NOW - timedelta(minutes=5),
)
OK = {
    Channel.WECOM: b'{"errcode":0,"errmsg":"ok"}',
    Channel.DINGTALK: b'{"errcode":0,"errmsg":"ok"}',
    Channel.FEISHU: b'{"code":0,"msg":"success","data":{},"StatusCode":0,"StatusMessage":"success"}',
    Channel.WEBHOOK: b"",
}
ROBOTS = (Channel.WECOM, Channel.DINGTALK, Channel.FEISHU)


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOK_LOOPBACK_HOSTS = ["127.0.0.1"]
    with Receiver() as running:
        yield running


def _tell(receiver: Receiver, kind: Channel, *, secret: str = SECRET, message: Message = MESSAGE) -> Call:
    if not receiver.answers:
        receiver.answers = [(200, OK[kind], {})]
    robot = Robot(kind=kind, address=f"{receiver.url}/send?key=k1", secret=secret)
    webhooks.tell(robot, message, NOW)
    call = receiver.calls[-1]
    assert call.headers["Content-Type"] == "application/json; charset=utf-8"
    return call


def test_wecom_reads_markdown(receiver: Receiver) -> None:
    call = _tell(receiver, Channel.WECOM)

    assert call.path == "/send?key=k1"
    assert json.loads(call.body) == {
        "msgtype": "markdown",
        "markdown": {
            "content": "### 新线索：发酵放大\n\n需求“发酵放大”符合您的能力。\n\n"
            "[https://zhongshi.example.cn/desk/leads/1/](https://zhongshi.example.cn/desk/leads/1/)\n\n中试云"
        },
    }


def test_dingtalk_is_signed_in_the_address_in_milliseconds(receiver: Receiver) -> None:
    call = _tell(receiver, Channel.DINGTALK)

    query = {name: values[0] for name, values in parse_qs(urlsplit(call.path).query).items()}
    assert query["key"] == "k1"
    assert query["timestamp"] == "1795222923456"
    expected = hmac.new(SECRET.encode(), f"1795222923456\n{SECRET}".encode(), hashlib.sha256).digest()
    assert base64.b64decode(query["sign"]) == expected
    body = json.loads(call.body)
    assert (body["msgtype"], body["markdown"]["title"]) == ("markdown", "新线索：发酵放大")
    assert body["markdown"]["text"].startswith("### 新线索：发酵放大\n\n需求")


def test_feishu_is_signed_in_the_body_in_seconds(receiver: Receiver) -> None:
    call = _tell(receiver, Channel.FEISHU)

    assert call.path == "/send?key=k1"
    body = json.loads(call.body)
    assert body["timestamp"] == "1795222923"
    expected = hmac.new(f"1795222923\n{SECRET}".encode(), b"", hashlib.sha256).digest()
    assert base64.b64decode(body["sign"]) == expected
    assert body["msg_type"] == "post"
    post = body["content"]["post"]["zh_cn"]
    assert post["title"] == "新线索：发酵放大"
    assert post["content"] == [
        [{"tag": "text", "text": "需求“发酵放大”符合您的能力。"}],
        [{"tag": "a", "text": MESSAGE.link, "href": MESSAGE.link}],
        [{"tag": "text", "text": "中试云"}],
    ]


@pytest.mark.parametrize("kind", [Channel.DINGTALK, Channel.FEISHU])
def test_without_a_secret_nothing_is_signed(receiver: Receiver, kind: Channel) -> None:
    call = _tell(receiver, kind, secret="")

    assert call.path == "/send?key=k1"
    assert "sign" not in json.loads(call.body)


def test_our_own_webhook_is_signed_with_its_time(receiver: Receiver) -> None:
    call = _tell(receiver, Channel.WEBHOOK)

    assert json.loads(call.body) == {
        "id": MESSAGE.id,
        "event": "match.approved",
        "group": "action",
        "title": "新线索：发酵放大",
        "text": "需求“发酵放大”符合您的能力。",
        "link": MESSAGE.link,
        "created_at": "2026-11-21T00:57:03.456000+00:00",
    }
    assert call.headers["X-Zhongshi-Event-Id"] == MESSAGE.id
    assert call.headers["X-Zhongshi-Timestamp"] == "1795222923"
    expected = hmac.new(SECRET.encode(), b"1795222923." + call.body, hashlib.sha256).hexdigest()
    assert call.headers["X-Zhongshi-Signature"] == f"v1={expected}"


@pytest.mark.parametrize("kind", [Channel.WECOM, Channel.DINGTALK])
def test_a_title_cannot_carry_marks_into_the_group(receiver: Receiver, kind: Channel) -> None:
    evil = Message("i", "e", "action", "[打开](http://evil.example) <@all> @all\n# 标题", "**a** `b`", "", NOW)

    text = json.dumps(json.loads(_tell(receiver, kind, message=evil).body), ensure_ascii=False)

    for mark in ("[打开]", "<@all>", "@all", "**a**", "`b`", "\\n# "):
        assert mark not in text
    assert "［打开］(http://evil.example) ＜＠all＞ ＠all ＃ 标题" in text


@pytest.mark.parametrize("kind", ROBOTS)
def test_a_long_text_stays_below_the_limit_and_whole_in_its_characters(receiver: Receiver, kind: Channel) -> None:
    call = _tell(receiver, kind, message=Message("i", "e", "action", "题", "发" * 5_000, MESSAGE.link, NOW))

    assert len(call.body) < 4_096
    assert "�" not in call.body.decode()
    assert "发" * 600 in call.body.decode()


@pytest.mark.parametrize(
    ("kind", "status", "body", "said"),
    [
        (Channel.WECOM, 200, b'{"errcode":93000,"errmsg":"invalid webhook url"}', "93000 invalid webhook url"),
        (Channel.DINGTALK, 200, b'{"errcode":310000,"errmsg":"sign not match"}', "310000 sign not match"),
        (Channel.FEISHU, 200, b'{"code":19021,"msg":"sign match fail"}', "19021 sign match fail"),
        (Channel.FEISHU, 200, b'{"StatusCode":1,"StatusMessage":"no"}', "1 no"),
        (Channel.WECOM, 200, b"<html>", "an answer that is not the robot's"),
        (Channel.WECOM, 200, b"", "an answer that is not the robot's"),
        (Channel.FEISHU, 200, b"[0]", "an answer that is not the robot's"),
        (Channel.FEISHU, 200, b'{"code": false}', "an answer that is not the robot's"),
        (Channel.WEBHOOK, 500, b"", "HTTP 500"),
        (Channel.WEBHOOK, 302, b"", "HTTP 302"),
        (Channel.WECOM, 503, b"", "HTTP 503"),
    ],
)
def test_what_is_not_the_robots_yes_is_a_no(
    receiver: Receiver, kind: Channel, status: int, body: bytes, said: str
) -> None:
    receiver.answers = [(status, body, {})]

    with pytest.raises(webhooks.NotTaken) as no:
        _tell(receiver, kind)

    assert str(no.value) == said
    assert not isinstance(no.value, webhooks.NotNow | webhooks.NeverTaken)


@pytest.mark.parametrize(
    ("kind", "answer", "seconds"),
    [
        (Channel.WECOM, (200, b'{"errcode":45009,"errmsg":"api freq out of limit"}', {}), 60),
        (Channel.DINGTALK, (200, b'{"errcode":130101,"errmsg":"send too fast"}', {}), 60),
        (Channel.FEISHU, (200, b'{"code":11232,"msg":"frequency limited"}', {}), 60),
        (Channel.WEBHOOK, (429, b"", {"Retry-After": "300"}), 300),
        (Channel.WEBHOOK, (429, b"", {}), 60),
        (Channel.WEBHOOK, (429, b"", {"Retry-After": "999999"}), 7_200),
        (Channel.WEBHOOK, (503, b"", {"Retry-After": "120"}), 120),
    ],
)
def test_too_fast_is_told_apart_and_rests(receiver: Receiver, kind: Channel, answer: Any, seconds: float) -> None:
    receiver.answers = [answer]

    with pytest.raises(webhooks.NotNow) as no:
        _tell(receiver, kind)

    assert no.value.seconds == seconds


def test_an_address_that_may_not_be_called_is_given_up(settings: Any) -> None:
    robot = Robot(kind=Channel.WEBHOOK, address="https://evil.example/?key=s3cret", secret=SECRET)

    with pytest.raises(webhooks.NeverTaken) as no:
        webhooks.tell(robot, MESSAGE, NOW)

    assert str(no.value) == "this host is not on the list of allowed hosts"
