"""A real HTTP server in a thread that keeps what it is sent and answers as the test says."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

from django.db import connections

# Status, body, headers; or: never answer, close without an answer, one byte at a time; or do something, then close.
Reply = tuple[int, bytes, dict[str, str]] | Literal["silence", "hang up", "drip"] | Callable[[], object]


@dataclass(frozen=True)
class Call:
    path: str
    headers: Message
    body: bytes


class Receiver:
    """`with Receiver() as receiver:` then post to `receiver.url`; `answers` are given in turn, then 200 with {}."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.answers: list[Reply] = []
        self.default: Reply = (200, b"{}", {})
        self._over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Receiver:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.calls.append(Call(self.path, self.headers, body))
                receiver._reply(self, receiver.answers.pop(0) if receiver.answers else receiver.default)

            def log_message(self, *_: Any) -> None:
                pass

        return Handler

    def _reply(self, handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        if callable(reply):
            reply()
            connections.close_all()
        elif reply == "silence":
            self._over.wait(5)
        elif reply == "drip":
            handler.send_response(200)
            handler.end_headers()
            for _ in range(50):
                try:
                    handler.wfile.write(b"x")
                except OSError:
                    return
                if self._over.wait(0.05):
                    return
        elif reply != "hang up":
            status, body, headers = reply
            handler.send_response(status)
            for name, value in headers.items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            try:
                handler.wfile.write(body)
            except OSError:
                return
