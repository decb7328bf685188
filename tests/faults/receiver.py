"""A program of somebody else's that takes our webhooks, and sometimes does not."""

from __future__ import annotations

import json
import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BUSY, LOST = 0.03, 0.02


class Receiver:
    """Counts how often it took each event id. 3 % it refuses with 503; of 2 % it takes, its answer never arrives."""

    def __init__(self, seed: int) -> None:
        self.taken: Counter[str] = Counter()
        self.refused = self.unanswered = 0
        self._random, self._lock = random.Random(seed), threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"

    def serve(self) -> None:
        self._server.serve_forever(poll_interval=0.1)

    def stop(self) -> None:
        self._server.shutdown()
        self.close()

    def close(self) -> None:
        """Give the port back, served or not."""
        self._server.server_close()

    def take(self, body: bytes) -> int:
        """The status of the answer; 0 for none."""
        with self._lock:
            fate = self._random.random()
            if fate < BUSY:
                self.refused += 1
                return 503
            self.taken[str(json.loads(body)["id"])] += 1
            if fate < BUSY + LOST:
                self.unanswered += 1
                return 0
            return 200

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                body = self.rfile.read(length)
                # Shorter where the sender was killed in the middle of it.
                status = receiver.take(body) if len(body) == length else 0
                if not status:
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *args: object) -> None:
                """Nothing: thousands of lines say nothing."""

        return Handler


@contextmanager
def running_receiver(seed: int) -> Iterator[Receiver]:
    receiver = Receiver(seed)
    thread = threading.Thread(target=receiver.serve, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.stop()
        thread.join(5)
