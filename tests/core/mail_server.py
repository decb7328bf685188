"""A mail server in a thread, as small as SMTP allows: keeps letters, and answers as the test says."""

from __future__ import annotations

import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage


class _Conversation(socketserver.StreamRequestHandler):
    owner: MailServer

    def handle(self) -> None:
        self._say("220 ready")
        while line := self.rfile.readline():
            if not self._answer(line.decode().strip()):
                return

    def _answer(self, line: str) -> bool:
        verb = line.upper().split(" ")[0].split(":")[0]
        if verb == "DATA":
            return self._take()
        if verb == "RCPT" and self.owner.refuse:
            self._say(self.owner.refuse)
        else:
            self._say("221 bye" if verb == "QUIT" else "250 ok")
        return verb != "QUIT"

    def _take(self) -> bool:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()).rstrip(b"\r\n") != b".":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        letter = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.owner.letters.append(letter)
        if not self.owner.hang_up:
            self._say("250 taken")
        return not self.owner.hang_up

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class MailServer:
    """`with MailServer() as server:` then send to 127.0.0.1:`server.port`.

    `refuse` is the answer to RCPT ("550 no such box", "451 come back"), `hang_up` closes after the letter was taken
    and before that was said.
    """

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refuse = ""
        self.hang_up = False
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), type("Own", (_Conversation,), {"owner": self}))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def __enter__(self) -> MailServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
