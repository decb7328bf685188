"""A server on the loopback that answers like a text model, or badly; nothing of ours is replaced by it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Behaviour = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Asked:
    """What came in: path, headers and body of each call."""

    url: str
    calls: list[tuple[str, dict[str, str], dict[str, Any]]] = field(default_factory=list)


def says(content: Any, status: int = 200) -> Behaviour:
    """Answer with a completion whose text is `content`, as JSON unless it is a text."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    return sends(json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode(), status)


def sends(body: bytes, status: int = 200, **headers: str) -> Behaviour:
    """Answer with these bytes."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@contextmanager
def model(behaviour: Behaviour) -> Iterator[Asked]:
    """Serve on a free port until the block is left."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.calls.append((self.path, dict(self.headers), body))
            try:
                behaviour(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def do_GET(self) -> None:
            asked.calls.append((self.path, {}, {}))
            sends(b"")(self)

        def log_message(self, *args: Any) -> None:
            """Keep the tests' output quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    asked = Asked(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield asked
    finally:
        server.shutdown()
        server.server_close()
