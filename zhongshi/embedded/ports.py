"""TCP ports of this machine."""

import errno
import socket
from collections.abc import Callable
from typing import TypeVar

from .errors import EmbeddedError, PortTaken

LOOPBACK = "127.0.0.1"
_Started = TypeVar("_Started")


def free_port() -> int:
    """A port nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port


def on_free_port(start: Callable[[int], _Started], attempts: int = 3) -> _Started:
    """Start a server on a free port; another one when somebody else was faster."""
    for _ in range(attempts - 1):
        try:
            return start(free_port())
        except PortTaken:
            continue
    return start(free_port())


def refuse_busy(host: str, port: int) -> None:
    """A sentence instead of a web server that dies later: taken, not permitted, or not of this machine."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise _port_error(host, port, error) from error


def _port_error(host: str, port: int, error: OSError) -> EmbeddedError:
    if error.errno == errno.EADDRINUSE:
        return PortTaken(
            f"Port {port} on {host} is in use. Choose another: PORT={port + 1} make demo. 端口 {port} 已被占用。"
        )
    return EmbeddedError(f"Cannot listen on {host}:{port}: {error.strerror or error}.")
