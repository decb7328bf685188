"""What a text model says is checked word by word, and whatever goes wrong there stays there."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from django.db import connection

from tests.vocabulary.loopback import Behaviour, model, says, sends
from zhongshi.vocabulary.assistant import MAX_BYTES, Endpoint, NoAnswer, accepted, configured, proposals
from zhongshi.vocabulary.reading import load_default_lexicon

pytestmark = pytest.mark.django_db
WHOLE = "酶制剂中试\n需要500L发酵罐，菌体要冻干，最好在四川，做三批。"
FREEZE = {"kind": "process", "value": "冻干", "text": "菌体要冻干"}
FREEZE_KEPT = {
    "kind": "process",
    "value": "冷冻干燥",
    "op": "require",
    "hard": False,
    "text": "菌体要冻干",
    "span": [16, 21],
    "confidence": 0.5,
    "origin": "proposed",
}


def ask(behaviour: Behaviour, *, timeout: float = 5.0, **known: Any) -> list[dict[str, Any]]:
    with model(behaviour) as asked:
        return proposals(WHOLE, known.get("known", []), Endpoint(asked.url, timeout=timeout))


def check(*answered: Any, known: list[dict[str, Any]] | None = None, whole: str = WHOLE) -> list[dict[str, Any]]:
    return accepted(answered, whole, known or [], load_default_lexicon())


def test_nobody_is_asked_unless_an_address_is_set(settings: Any) -> None:
    assert configured() is None

    settings.ASSISTANT_URL, settings.ASSISTANT_MODEL = "http://10.0.0.5:8080", "small"
    assert configured() == Endpoint("http://10.0.0.5:8080", "small", "", 8.0)


def test_a_good_answer_becomes_proposals_in_the_vocabularys_words() -> None:
    assert ask(says({"conditions": [FREEZE]})) == [FREEZE_KEPT]


def test_an_answer_in_a_fence_is_read_as_well() -> None:
    text = '```json\n{"conditions": [{"kind": "process", "value": "冻干", "text": "菌体要冻干"}]}\n```'

    assert ask(says(text)) == [FREEZE_KEPT]


def test_the_question_carries_the_text_what_is_known_and_the_key() -> None:
    with model(says({"conditions": []})) as asked:
        endpoint = Endpoint(f"{asked.url}/v1/", model="small", key="k-1")
        assert proposals(WHOLE, [{"kind": "process", "value": "发酵", "secret": "x"}], endpoint) == []

    [(path, headers, body)] = asked.calls
    assert (path, headers["Authorization"], body["model"]) == ("/v1/chat/completions", "Bearer k-1", "small")
    assert WHOLE.split("\n")[1] in body["messages"][1]["content"]
    assert "发酵" in body["messages"][1]["content"]
    assert "secret" not in body["messages"][1]["content"]


@pytest.mark.parametrize(
    "item",
    [
        {**FREEZE, "text": "必须有GMP"},
        {**FREEZE, "text": ""},
        {**FREEZE, "text": None},
        {**FREEZE, "text": "需"},
        {**FREEZE, "value": "没有的工艺"},
        {**FREEZE, "value": 5},
        {**FREEZE, "value": None},
        {**FREEZE, "kind": "wish"},
        {**FREEZE, "kind": ["process"]},
        {**FREEZE, "op": "covers"},
        {**FREEZE, "op": "maybe"},
        {**FREEZE, "op": ["require"]},
        {**FREEZE, "op": {"require": 1}},
        {"kind": "parameter", "quantity": "volume", "min": 10**400, "max": None, "unit": "L", "text": "500L"},
        {"kind": "window", "text": "做三批", "earliest_start": "2027-01-01", "latest_start": "2027-02-01", "weeks": 2},
        {"kind": "start_by", "value": "2027-01-01", "text": "做三批"},
        {"kind": "parameter", "quantity": "volume", "min": 500, "max": 500, "unit": "kg", "text": "500L"},
        {"kind": "parameter", "quantity": "wonder", "min": 5, "max": 5, "unit": "L", "text": "500L"},
        {"kind": "parameter", "quantity": "volume", "min": None, "max": None, "unit": "L", "text": "500L"},
        {"kind": "parameter", "quantity": "volume", "min": 9, "max": 5, "unit": "L", "text": "500L"},
        {"kind": "parameter", "quantity": "volume", "min": "500", "max": None, "unit": "L", "text": "500L"},
        {"kind": "parameter", "quantity": "volume", "min": True, "max": None, "unit": "L", "text": "500L"},
        {"kind": "parameter", "quantity": "volume", "min": float("nan"), "max": None, "unit": "L", "text": "500L"},
        {"kind": "parameter", "quantity": "volume", "min": 500, "max": None, "unit": None, "text": "500L"},
        {"kind": "parameter", "quantity": "volume", "min": 500, "max": None, "unit": "L", "text": "发酵罐"},
        {
            "kind": "parameter",
            "quantity": "volume",
            "min": 500,
            "max": None,
            "unit": "L",
            "text": "500L",
            "op": "require",
        },
        "菌体要冻干",
        None,
        [],
    ],
)
def test_what_does_not_stand_up_is_dropped(item: Any) -> None:
    assert check(item) == []
    # Beside something sound it takes nothing along.
    assert check(item, FREEZE) == [FREEZE_KEPT]


def test_a_quantity_and_a_region_are_written_as_conditions_are() -> None:
    volume = {"kind": "parameter", "quantity": "volume", "min": 500, "max": None, "unit": "L", "text": "500L"}
    place = {"kind": "region", "value": "四川", "text": "最好在四川"}

    found = check(volume, place)

    assert [(item["kind"], item.get("value"), item.get("min"), item["op"]) for item in found] == [
        ("parameter", None, 500, "covers"),
        ("region", ["510000"], None, "require"),
    ]


def test_what_is_known_or_said_twice_is_not_proposed_again() -> None:
    assert check(FREEZE, {**FREEZE, "value": "冷冻干燥", "text": "冻干"}) == [FREEZE_KEPT]
    assert check(FREEZE, known=[{"kind": "process", "value": "冷冻干燥"}]) == []
    assert (
        check({"kind": "region", "value": "四川", "text": "四川"}, known=[{"kind": "region", "value": ["510000"]}])
        == []
    )


def test_at_most_twelve_are_proposed() -> None:
    names = [term.value for term in load_default_lexicon().terms("process")][:30]
    whole = "、".join(names)

    assert len(check(*({"kind": "process", "value": name, "text": name} for name in names), whole=whole)) == 12


def _redirect(handler: BaseHTTPRequestHandler) -> None:
    sends(b"", 302, Location="/elsewhere")(handler)


@pytest.mark.parametrize(
    "behaviour",
    [
        says("I would rather not."),
        says({"conditions": "all"}),
        says(["conditions"]),
        says("[" * 5_000),
        sends(b"\xff\xfe not json"),
        sends(b"null"),
        sends(b'{"choices": []}'),
        sends(b'{"choices": [{"message": {"content": null}}]}'),
        says({"conditions": [FREEZE]}, status=500),
        says({"conditions": [FREEZE]}, status=404),
        sends(b" " * (MAX_BYTES + 2)),
    ],
)
def test_nonsense_errors_and_floods_are_no_answer(behaviour: Behaviour) -> None:
    with pytest.raises(NoAnswer):
        ask(behaviour)


def test_a_redirect_is_not_followed() -> None:
    with model(_redirect) as asked, pytest.raises(NoAnswer, match="302"):
        proposals(WHOLE, [], Endpoint(asked.url))

    assert [path for path, _headers, _body in asked.calls] == ["/v1/chat/completions"]


def _hangs(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(30)


def _drips(handler: BaseHTTPRequestHandler) -> None:
    """Thirty seconds long, under the hundred lines a client takes."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(90):
        handler.wfile.write(f"X-{number}: 1\r\n".encode())
        handler.wfile.flush()
        time.sleep(0.33)


@pytest.mark.parametrize("behaviour", [_hangs, _drips])
def test_who_takes_too_long_is_left_in_time(behaviour: Behaviour) -> None:
    started = time.monotonic()

    with pytest.raises(NoAnswer):
        ask(behaviour, timeout=0.4)

    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "ftp://127.0.0.1/", "file:///etc/passwd", "127.0.0.1:8080", "http://", "http://[::1"]
)
def test_an_address_where_nobody_is_or_that_is_none_is_no_answer(url: str) -> None:
    with pytest.raises(NoAnswer):
        proposals(WHOLE, [], Endpoint(url, timeout=1.0))


def _ask_and_leave(endpoint: Endpoint) -> None:
    proposals(WHOLE, [], endpoint)
    connection.close()


def test_a_third_question_at_once_is_not_put_in_a_queue() -> None:
    free = threading.Event()
    came = threading.Semaphore(0)

    def waits(handler: BaseHTTPRequestHandler) -> None:
        came.release()
        free.wait(30)
        says({"conditions": []})(handler)

    with model(waits) as asked:
        endpoint = Endpoint(asked.url, timeout=60)
        threads = [threading.Thread(target=_ask_and_leave, args=(endpoint,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        assert came.acquire(timeout=30)
        assert came.acquire(timeout=30)
        with pytest.raises(NoAnswer, match="busy"):
            proposals(WHOLE, [], endpoint)
        free.set()
        for thread in threads:
            thread.join()

    assert len(asked.calls) == 2
