"""What each robot wants to read, how it is signed, and what its answer means. Values in, values out.

The three group robots answer 200 also when they refuse; the truth is a number in the body. Their formats are public:
developer.work.weixin.qq.com/document/path/91770, open.dingtalk.com (custom robots), open.feishu.cn (custom bots).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from .http import Answer
from .models import Channel

# Bytes of a message; the robots refuse more (WeCom 4096, DingTalk and Feishu about 20 000).
_MOST_BYTES = 3_600
_REST_SECONDS = 60.0
# What Markdown would take for a mark becomes a sign that looks like it: nobody's title may carry a link or call all.
_PLAIN = str.maketrans("[]<>*`#@~", "［］＜＞＊｀＃＠～")
# Ends each message to a group: robots may be set to take only what holds a keyword.
_KEYWORD = "中试云"
# Answers that mean "too fast": they are no fault of the message.
_TOO_FAST = {
    Channel.WECOM: frozenset({45009, 45033}),
    Channel.DINGTALK: frozenset({130101, 410100, 90018}),
    Channel.FEISHU: frozenset({11232, 99991400}),
}


@dataclass(frozen=True, slots=True)
class Message:
    """A notice in one language, ready to leave; `id` is the same each time it is sent."""

    id: str
    event: str
    group: str
    title: str
    text: str
    link: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """A request to post."""

    url: str
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether the message was taken, what was said about it, and how long to rest where it came too fast."""

    taken: bool
    said: str = ""
    rest_seconds: float = 0.0


def letter_of(kind: str, address: str, secret: str, message: Message, now: datetime) -> Letter:
    """Write `message` as the robot wants it, signed at `now` where a secret is given. KeyError for no such kind."""
    return _WRITERS[Channel(kind)](address, secret, message, int(now.timestamp() * 1000))


def outcome_of(kind: str, answer: Answer) -> Outcome:
    """Read an answer: taken only where the robot says so in its own way."""
    if answer.status == 429:
        return Outcome(False, "HTTP 429", min(max(answer.retry_after or _REST_SECONDS, 10), 7_200))
    if not 200 <= answer.status < 300:
        rest = min(answer.retry_after or 0, 7_200) if answer.status == 503 else 0
        return Outcome(False, f"HTTP {answer.status}", rest)
    if kind == Channel.WEBHOOK:
        return Outcome(True, f"HTTP {answer.status}")
    code, words = _code_of(answer.body)
    if code == 0:
        return Outcome(True, f"{code} {words}".strip())
    if code is None:
        return Outcome(False, "an answer that is not the robot's")
    rest = _REST_SECONDS if code in _TOO_FAST[Channel(kind)] else 0.0
    return Outcome(False, f"{code} {words}".strip()[:160], rest)


def _code_of(body: bytes) -> tuple[int | None, str]:
    """The robot's own number and words: errcode (WeCom, DingTalk), code or StatusCode (Feishu)."""
    try:
        said = json.loads(body)
    except ValueError:
        return None, ""
    if not isinstance(said, dict):
        return None, ""
    for number, words in (("errcode", "errmsg"), ("code", "msg"), ("StatusCode", "StatusMessage")):
        if isinstance(said.get(number), int) and not isinstance(said[number], bool):
            return said[number], " ".join(str(said.get(words) or "").split())
    return None, ""


def _wecom(address: str, _secret: str, message: Message, _millis: int) -> Letter:
    return _json(address, {"msgtype": "markdown", "markdown": {"content": _markdown(message)}})


def _dingtalk(address: str, secret: str, message: Message, millis: int) -> Letter:
    body = {"msgtype": "markdown", "markdown": {"title": _plain(message.title), "text": _markdown(message)}}
    if secret:
        # The secret is the key and also part of what is signed; milliseconds; in the address.
        sign = _base64_hmac(secret.encode(), f"{millis}\n{secret}".encode())
        joint = "&" if "?" in address else "?"
        address = f"{address}{joint}{urlencode({'timestamp': millis, 'sign': sign})}"
    return _json(address, body)


def _feishu(address: str, secret: str, message: Message, millis: int) -> Letter:
    lines: list[list[dict[str, str]]] = [[{"tag": "text", "text": _cut(message.text)}]]
    if message.link:
        lines.append([{"tag": "a", "text": message.link, "href": message.link}])
    lines.append([{"tag": "text", "text": _KEYWORD}])
    post = {"zh_cn": {"title": message.title, "content": lines}}
    body: dict[str, Any] = {"msg_type": "post", "content": {"post": post}}
    if secret:
        # Time and secret are the key, and nothing is signed; seconds; in the body.
        seconds = str(millis // 1000)
        body |= {"timestamp": seconds, "sign": _base64_hmac(f"{seconds}\n{secret}".encode(), b"")}
    return _json(address, body)


def _webhook(address: str, secret: str, message: Message, millis: int) -> Letter:
    seconds = str(millis // 1000)
    letter = _json(
        address,
        {
            "id": message.id,
            "event": message.event,
            "group": message.group,
            "title": message.title,
            "text": message.text,
            "link": message.link,
            "created_at": message.at.isoformat(),
        },
    )
    signed = hmac.new(secret.encode(), f"{seconds}.".encode() + letter.body, hashlib.sha256).hexdigest()
    own = {"X-Zhongshi-Event-Id": message.id, "X-Zhongshi-Timestamp": seconds, "X-Zhongshi-Signature": f"v1={signed}"}
    return Letter(letter.url, letter.body, letter.headers | own)


_WRITERS: dict[Channel, Callable[[str, str, Message, int], Letter]] = {
    Channel.WECOM: _wecom,
    Channel.DINGTALK: _dingtalk,
    Channel.FEISHU: _feishu,
    Channel.WEBHOOK: _webhook,
}


def _json(address: str, body: dict[str, Any]) -> Letter:
    return Letter(
        address, json.dumps(body, ensure_ascii=False).encode(), {"Content-Type": "application/json; charset=utf-8"}
    )


def _markdown(message: Message) -> str:
    parts = [f"### {_plain(message.title)}", _plain(_cut(message.text))]
    if message.link:
        parts.append(f"[{message.link}]({message.link})")
    return "\n\n".join(part for part in (*parts, _KEYWORD) if part)


def _plain(text: str) -> str:
    return " ".join(text.translate(_PLAIN).split())


def _cut(text: str) -> str:
    return text.encode()[: _MOST_BYTES // 2].decode(errors="ignore")


def _base64_hmac(key: bytes, text: bytes) -> str:
    return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
