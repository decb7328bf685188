"""Asks one person's questions in both worlds and says where the answers differ."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.utils import translation

from zhongshi.core.models import OutboxEvent
from zhongshi.core.workbooks import CONTENT_TYPE as WORKBOOK

from .asking import Ask, asks
from .frozen import Frozen
from .hidden import Reader
from .hidden import plant as plant_all
from .telling import effects, forget, told
from .world import World

_UNSAFE_OK = 400
# Not the machine itself and not its own network, which may read the figures of the whole service.
ELSEWHERE = "203.0.113.9"


@dataclass(frozen=True)
class Answer:
    """What came back, and what it did to the person: mails and notices once the workers are through."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    queries: int
    told: tuple[str, ...] = ()

    def differences(self, other: Answer) -> list[str]:
        """What an observer can tell the two apart by."""
        return [name for name in ("status", "headers", "body", "queries", "told") if self._of(name) != other._of(name)]

    def _of(self, name: str) -> Any:
        return getattr(self, name)


@dataclass
class Report:
    """What was compared, and every difference: (reader, question, by what it shows, both answers)."""

    reader: str = ""
    compared: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    leaks: list[tuple[Ask, list[str], Answer, Answer]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    marked: set[str] = field(default_factory=set)
    heard: Counter[str] = field(default_factory=Counter)

    def lines(self) -> list[str]:
        """One line a leak, with the first place where the bodies part."""
        return [f"{self.reader}: {ask} [{', '.join(by)}] {_parting(one, two)}" for ask, by, one, two in self.leaks]


def interference(
    name: str,
    world: World,
    *,
    only: Iterable[str] | None = None,
    plant: Callable[[Reader], Reader] = plant_all,
) -> Report:
    """Compare all answers to one person, in the world with everybody's secrets and in the one without.

    `only` these routes; `plant` makes what the two worlds differ in.
    """
    clock, report = world.clock, Report(name)
    clock.keys()
    before = transaction.savepoint()
    forget(world)
    known = told(world, name, frozenset())
    reader = plant(Reader(name, world))
    wanted = set(only) if only is not None else None
    questions = [ask for ask in asks(reader, world.ids_for(name)) if wanted is None or ask.route in wanted]
    heard = [line for line in told(world, name, frozenset()) if line not in known]
    report.errors += [f"{name} was told of the secret: {line}" for line in heard]
    with_secret = _answers(questions, name, world)
    questions = [ask for ask in questions if ask in with_secret]
    transaction.savepoint_rollback(before)
    without_secret = _answers(questions, name, world)
    report.compared = len(questions)
    for ask in questions:
        one, two = with_secret[ask], without_secret.get(ask)
        if two is None:
            continue
        report.statuses[two.status] += 1
        report.heard.update(line.split(" ", 1)[0] for line in two.told)
        by = one.differences(two)
        if by:
            report.leaks.append((ask, by, one, two))
        report.errors += [f"{name}: {ask} gives {two.status}"] if two.status >= 500 and two.status != 503 else []
        shown = _text(one.body)
        if any(word in shown and word not in _sent(ask) for word in reader.canaries):
            report.marked.add(str(ask))
    return report


def _sent(ask: Ask) -> str:
    return json.dumps([ask.query, ask.body, ask.address], ensure_ascii=False, default=str)


def _answers(questions: list[Ask], name: str, world: World) -> dict[Ask, Answer]:
    """The answer to each question; none to a further one where the plain one was refused."""
    world.clock.forget()
    forget(world)
    answers: dict[Ask, Answer] = {}
    refused: set[str] = set()
    for ask in questions:
        if ask.is_further and ask.address in refused:
            continue
        answers[ask] = answer = _answer(ask, name, world)
        if ask.verb == "GET" and not ask.query and _is_refusal(answer):
            refused.add(ask.address)
    return answers


def _is_refusal(answer: Answer) -> bool:
    """By the person's role, before any row was looked at."""
    return answer.status in {401, 403} or (answer.status == 302 and answer.body == b"")


def _answer(ask: Ask, name: str, world: World) -> Answer:
    before = transaction.savepoint()
    world.clock.chance()
    may_write = ask.body is not None
    if may_write:
        world.clock.keys()
    counted = _Counted()
    try:
        with connection.execute_wrapper(counted), translation.override(settings.LANGUAGE_CODE):
            answer = _send(_client(world.session_of(name)), ask)
        status, body = answer.status_code, _body(answer)
        # A workbook's length hangs on the date of its making, see `_stamps`.
        loose = {"Content-Length"} if answer.get("Content-Type") == WORKBOOK else set()
        headers = tuple(sorted((key, _header(value)) for key, value in answer.items() if key not in loose))
        cookies = tuple(("Set-Cookie", _header(morsel.OutputString())) for _n, morsel in sorted(answer.cookies.items()))
        heard: tuple[str, ...] = ()
        if may_write and status < _UNSAFE_OK and OutboxEvent.objects.filter(state="pending").exists():
            heard = effects(world, name)
    finally:
        transaction.savepoint_rollback(before)
    if may_write and status < _UNSAFE_OK:
        world.clock.forget()
    return Answer(status, headers + cookies, body, counted.number, heard)


class _Counted:
    """Counts what is asked of the database."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        self.number += 1
        return execute(sql, params, many, context)


def _client(session: str) -> Client:
    client = Client(raise_request_exception=False, REMOTE_ADDR=ELSEWHERE)
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    return client


def _send(client: Client, ask: Ask) -> Any:
    extra: dict[str, Any] = {"HTTP_HX_REQUEST": "true"} if ask.is_part else {}
    if ask.verb == "GET":
        return client.get(ask.address, ask.query, **extra)
    if ask.verb == "HEAD":
        return client.head(ask.address)
    body = ask.body or {}
    if "file" in body and not isinstance(body["file"], str):
        line = json.dumps(body["file"], ensure_ascii=False).encode()
        return client.post(ask.address, {"file": SimpleUploadedFile("a.jsonl", line)})
    if ask.route.startswith("api/"):
        return client.generic(ask.verb, ask.address, json.dumps(body), content_type="application/json")
    if ask.verb == "POST":
        return client.post(ask.address, body)
    return client.generic(ask.verb, ask.address)


def _body(answer: Any) -> bytes:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return b"\n".join(_stamps(parts.read(name)) for name in sorted(parts.namelist()))
    return bytes(content)


_STAMP = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*<")


def _stamps(part: bytes) -> bytes:
    """A workbook's own date of making is read from a clock of C that cannot be held."""
    return _STAMP.sub(b"<", part)


def _header(value: str) -> str:
    return str(value)


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")


def _parting(one: Answer, two: Answer) -> str:
    """Where the two part, in a few words."""
    if one.status != two.status:
        return f"{one.status} with the secret, {two.status} without"
    if one.body != two.body:
        a, b = _text(one.body), _text(two.body)
        at = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
        return f"…{a[max(0, at - 60) : at + 60]!r} against …{b[max(0, at - 60) : at + 60]!r}"
    if one.told != two.told:
        return f"{sorted(set(one.told) - set(two.told))} against {sorted(set(two.told) - set(one.told))}"
    if one.queries != two.queries:
        return f"{one.queries} queries against {two.queries}"
    return f"{set(one.headers) ^ set(two.headers)}"


def held(patch: pytest.MonkeyPatch) -> Frozen:
    """A clock held at now."""
    clock = Frozen(patch)
    clock.begin()
    return clock
