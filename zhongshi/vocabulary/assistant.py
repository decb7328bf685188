"""A text model on the local network may suggest conditions. Nothing it says is believed; without it all goes on.

The adapter speaks `/v1/chat/completions`. What comes back is checked word by word here and is a proposal until the
need's owner ticks it.
"""

from __future__ import annotations

import http.client
import json
import logging
import re
import socket
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from .enums import ConditionKind, Operator
from .lexicons import current_lexicon
from .reading import Lexicon
from .reading.sources import codes
from .units import unit_problem

logger = logging.getLogger(__name__)

MAX_BYTES = 262_144
MAX_PROPOSALS = 12
MAX_TEXT = 20_000
# Each waits for the model with a web worker of its own: more of them would let a slow model stop the pages.
_AT_ONCE = threading.BoundedSemaphore(2)
_NUMERIC = frozenset({ConditionKind.PARAMETER, ConditionKind.BUDGET, ConditionKind.DURATION})
# A window holds two dates and is worked out by the reader; whoever needs one adds it by hand.
_NAMED = frozenset(ConditionKind.values) - _NUMERIC - {ConditionKind.WINDOW, ConditionKind.START_BY}
_VALUE_OPS = frozenset({Operator.REQUIRE, Operator.EXCLUDE, Operator.NOT_REQUIRED})
_NUMBER_OPS = frozenset({Operator.COVERS, Operator.OVERLAPS})
_FIGURE = re.compile(r"[\d０-９一二三四五六七八九十百千万亿两半]")
_FENCE = re.compile(r"^\s*```(?:json)?|```\s*$")
_TASK = (
    "You read a request for pilot-scale manufacturing, written in Chinese or English, and list requirements that were "
    "missed. Answer with one JSON object and nothing else: "
    '{"conditions": [{"kind": ..., "value": ..., "quantity": ..., "min": ..., "max": ..., "unit": ..., "op": ..., '
    '"text": ...}]}. kind is one of %(kinds)s. For %(numeric)s give quantity (one of %(quantities)s), min, max (null '
    "where open), unit, and op covers or overlaps; for the others give value and op require, exclude or not_required. "
    "text must be copied from the request letter by letter. Do not repeat the known ones. Do not guess: what the "
    "request does not say is left out. If nothing was missed, answer with an empty list."
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the model is, and how long it may take for the whole exchange, in seconds."""

    url: str
    model: str = ""
    key: str = ""
    timeout: float = 8.0


class NoAnswer(Exception):
    """The model is not there, too slow, too talkative, or talks nonsense; `reason` is for the log."""


def configured() -> Endpoint | None:
    """The endpoint of the settings; None where none is set, which is the default."""
    if not settings.ASSISTANT_URL:
        return None
    return Endpoint(
        settings.ASSISTANT_URL, settings.ASSISTANT_MODEL, settings.ASSISTANT_KEY, settings.ASSISTANT_TIMEOUT
    )


def proposals(whole: str, known: Sequence[Mapping[str, Any]], endpoint: Endpoint) -> list[dict[str, Any]]:
    """Further conditions for a need's words (title, newline, text) beside the `known` ones; at most twelve.

    Exchange records with `text`, `span`, `confidence` 0.5 and `origin` "proposed". Raises NoAnswer, whatever goes
    wrong at the other end; it returns within the endpoint's time.
    """
    if not _AT_ONCE.acquire(blocking=False):
        raise NoAnswer("busy")
    started = time.monotonic()
    try:
        answer = _ask(_question(whole[:MAX_TEXT], known, endpoint.model), endpoint)
        return accepted(_conditions_in(answer), whole, known, current_lexicon())
    except NoAnswer as problem:
        logger.warning("assistant gave nothing after %.1f s: %s", time.monotonic() - started, problem)
        raise
    finally:
        _AT_ONCE.release()


def accepted(
    answered: Iterable[Any], whole: str, known: Iterable[Mapping[str, Any]], lexicon: Lexicon
) -> list[dict[str, Any]]:
    """Those of the answered conditions that stand up to every check, in exchange form; the others are dropped."""
    seen = {_identity(record) for record in known}
    kept: list[dict[str, Any]] = []
    for item in answered:
        record = _checked(item, whole, lexicon) if isinstance(item, Mapping) else None
        if record is not None and _identity(record) not in seen and len(kept) < MAX_PROPOSALS:
            seen.add(_identity(record))
            kept.append(record)
    return kept


def _checked(item: Mapping[str, Any], whole: str, lexicon: Lexicon) -> dict[str, Any] | None:
    kind, words, op = item.get("kind"), item.get("text"), item.get("op") or ""
    if not (isinstance(kind, str) and isinstance(op, str) and isinstance(words, str)):
        return None
    if not 2 <= len(words.strip()) <= 200 or words not in whole:
        return None
    if kind in _NUMERIC:
        content = _amount(item, kind, words)
    else:
        content = _named(item, kind, lexicon) if kind in _NAMED else None
    if content is None:
        return None
    start = whole.index(words)
    place = {"text": words, "span": [start, start + len(words)], "confidence": 0.5}
    return {"kind": kind, **content, "hard": False, **place, "origin": "proposed"}


def _named(item: Mapping[str, Any], kind: str, lexicon: Lexicon) -> dict[str, Any] | None:
    value, op = item.get("value"), item.get("op") or Operator.REQUIRE
    known = lexicon.canonical(kind, value) if isinstance(value, str) else None
    if known is None or op not in _VALUE_OPS:
        return None
    return {"value": [known] if kind == ConditionKind.REGION else known, "op": str(op)}


def _amount(item: Mapping[str, Any], kind: str, words: str) -> dict[str, Any] | None:
    quantity = item.get("quantity") if kind == ConditionKind.PARAMETER else kind
    unit, op = item.get("unit"), item.get("op") or Operator.COVERS
    if not isinstance(quantity, str) or not isinstance(unit, str) or len(unit) > 40 or op not in _NUMBER_OPS:
        return None
    low, high = item.get("min"), item.get("max")
    if not (_is_bound(low) and _is_bound(high)) or (low is None and high is None):
        return None
    if low is not None and high is not None and low > high:
        return None
    if quantity not in codes("quantity") or unit_problem(quantity, unit) or not _FIGURE.search(words):
        return None
    return {"quantity": quantity, "min": low, "max": high, "unit": unit, "op": str(op)}


def _is_bound(value: Any) -> bool:
    # NaN fails the comparison, as it should.
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15)


def _identity(record: Mapping[str, Any]) -> tuple[str, str]:
    """Two conditions of one value, or on one quantity, are the same proposal."""
    value = record.get("value")
    value = "/".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")
    return str(record.get("kind")), value or str(record.get("quantity") or record.get("kind"))


def _question(whole: str, known: Sequence[Mapping[str, Any]], model: str) -> bytes:
    task = _TASK % {
        "kinds": ", ".join(sorted([*_NAMED, *_NUMERIC])),
        "numeric": ", ".join(sorted(_NUMERIC)),
        "quantities": ", ".join(codes("quantity")),
    }
    said = [
        {name: record[name] for name in ("kind", "value", "quantity", "text") if record.get(name)} for record in known
    ]
    request = json.dumps({"request": whole, "known": said}, ensure_ascii=False)
    body = {
        "messages": [{"role": "system", "content": task}, {"role": "user", "content": request}],
        "temperature": 0,
        "max_tokens": 1500,
        "stream": False,
    }
    return json.dumps(body | ({"model": model} if model else {})).encode()


def _conditions_in(answer: bytes) -> list[Any]:
    try:
        content = json.loads(answer)["choices"][0]["message"]["content"]
        found = json.loads(_FENCE.sub("", content.strip()).strip())["conditions"]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as problem:
        raise NoAnswer(f"unreadable: {type(problem).__name__}") from problem
    if not isinstance(found, list):
        raise NoAnswer("unreadable: no list")
    return found


def _ask(body: bytes, endpoint: Endpoint) -> bytes:
    """Send the question to the configured host and nowhere else; http.client follows no redirect and no proxy."""
    deadline = time.monotonic() + endpoint.timeout
    connection = _connection(endpoint)
    path = f"{urlsplit(endpoint.url).path.rstrip('/').removesuffix('/v1')}/v1/chat/completions"
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if endpoint.key:
        headers["Authorization"] = f"Bearer {endpoint.key}"
    # A time-out of a socket begins anew with each byte; the watch ends the exchange as a whole.
    watch = threading.Timer(max(deadline - time.monotonic(), 0.05), _cut, [connection])
    watch.daemon = True
    watch.start()
    try:
        connection.connect()
        if time.monotonic() >= deadline:
            # The watch has gone by while there was no socket to close.
            raise TimeoutError("connected too late")
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        answer = response.read(MAX_BYTES + 1)
    except (OSError, http.client.HTTPException, ValueError) as problem:
        raise NoAnswer(f"{type(problem).__name__}: {problem}") from problem
    finally:
        watch.cancel()
        connection.close()
    if response.status != 200:
        raise NoAnswer(f"status {response.status}")
    if len(answer) > MAX_BYTES:
        raise NoAnswer("too long")
    return answer


def _connection(endpoint: Endpoint) -> http.client.HTTPConnection:
    try:
        parts = urlsplit(endpoint.url)
        host, port = parts.hostname, parts.port
    except ValueError as problem:
        raise NoAnswer("ASSISTANT_URL is no address") from problem
    if parts.scheme not in ("http", "https") or not host:
        raise NoAnswer("ASSISTANT_URL is no http(s) address")
    if parts.scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=endpoint.timeout)
    return http.client.HTTPConnection(host, port, timeout=endpoint.timeout)


def _cut(connection: http.client.HTTPConnection) -> None:
    """Wake whoever reads from the connection; closing alone would leave the reader waiting."""
    held: socket.socket | None = connection.sock
    if held is not None:
        try:
            held.shutdown(socket.SHUT_RDWR)
        except OSError:
            logger.debug("the connection was gone already")
