"""`python -m zhongshi.embedded demo`: up, dead child, up again with the same data, Ctrl-C, nothing left."""

import os
import signal
import socket
import subprocess
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import psycopg
import pytest

from zhongshi.embedded.demo import port_from
from zhongshi.embedded.errors import EmbeddedError
from zhongshi.embedded.ports import free_port

from .conftest import Start, command_line, descendants, left_after


def connect(folder: Path) -> psycopg.Connection:
    """To the demo's own database, found as an administrator would find it."""
    home = folder / "postgres"
    port = int((home / "cluster" / "postmaster.pid").read_text().splitlines()[3])
    password = (home / "password").read_text()
    return psycopg.connect(host="127.0.0.1", port=port, user="zhongshi", dbname="zhongshi", password=password)


def start_demo(start_embedded: Start, folder: Path, port: int) -> tuple[subprocess.Popen[str], list[str]]:
    """A demo that has said it is ready, and what it said until then."""
    demo = start_embedded("demo", DATA_DIR=str(folder), PORT=str(port))
    assert demo.stdout is not None
    lines: list[str] = []
    for line in demo.stdout:
        lines.append(line)
        if "Ctrl-C stops everything" in line:
            return demo, lines
    pytest.fail("".join(lines) + demo.communicate()[1])


def process_named(pids: set[int], word: bytes) -> int:
    """The leader of the group of those with `word` among their arguments: its children have the same."""
    [leader] = {os.getpgid(pid) for pid in pids if word in command_line(pid).split(b"\0")}
    return leader


@pytest.mark.processes
def test_survives_a_dead_worker_with_its_data_and_stops_on_ctrl_c(open_folder: Path, start_embedded: Start) -> None:
    port = free_port()
    demo, said = start_demo(start_embedded, open_folder, port)
    assert any(f"http://127.0.0.1:{port}" in line for line in said)
    with build_opener(ProxyHandler({})).open(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
        assert answer.status == 200
    with connect(open_folder) as connection:
        connection.execute("CREATE TABLE kept (text text)")
        connection.execute("INSERT INTO kept VALUES ('中试')")
    secret = (open_folder / "secret_key").read_text()
    assert (open_folder / "secret_key").stat().st_mode & 0o777 == 0o600

    started = descendants(demo.pid)
    os.kill(process_named(started, b"worker"), signal.SIGKILL)
    _, err = demo.communicate(timeout=60)
    assert demo.returncode == 1
    assert err.startswith("zhongshi: worker ended unexpectedly (signal SIGKILL); everything else was stopped.")
    assert left_after(started) == set()

    demo, _ = start_demo(start_embedded, open_folder, port)
    assert (open_folder / "secret_key").read_text() == secret
    with connect(open_folder) as connection:
        assert connection.execute("SELECT text FROM kept").fetchall() == [("中试",)]
    second = start_embedded("demo", DATA_DIR=str(open_folder), PORT=str(free_port()))
    assert second.communicate(timeout=60)[1].startswith("zhongshi: Already running:")
    assert second.returncode == 1

    started = descendants(demo.pid)
    os.killpg(demo.pid, signal.SIGINT)
    out, err = demo.communicate(timeout=60)
    assert demo.returncode == 0, err
    assert out.splitlines()[-1].startswith("Stopped. Nothing is left running; your data are kept.")
    assert left_after(started) == set()
    assert not list(open_folder.glob("*.pid"))


def test_a_busy_port_is_named_before_anything_is_started(open_folder: Path, start_embedded: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        demo = start_embedded("demo", DATA_DIR=str(open_folder), PORT=str(port))
        out, err = demo.communicate(timeout=60)
    assert (demo.returncode, out) == (1, "")
    assert err == (
        f"zhongshi: Port {port} on 127.0.0.1 is in use. Choose another: PORT={port + 1} make demo. "
        f"端口 {port} 已被占用。\n"
    )
    assert list(open_folder.iterdir()) == []


def test_says_which_address_is_not_of_this_machine(start_embedded: Start) -> None:
    demo = start_embedded("demo", HOST="192.0.2.1", PORT=str(free_port()))
    _, err = demo.communicate(timeout=60)
    assert demo.returncode == 1
    assert err.startswith("zhongshi: Cannot listen on 192.0.2.1:")


@pytest.mark.parametrize("given", ["0", "65536", "eight", "-1", "８"])
def test_refuses_what_is_not_a_port(given: str) -> None:
    with pytest.raises(EmbeddedError, match=f"PORT={given} is not a port: give a number from 1 to 65535"):
        port_from({"PORT": given})


def test_the_port_is_8000_unless_told() -> None:
    assert [port_from({}), port_from({"PORT": ""}), port_from({"PORT": "8765"})] == [8000, 8000, 8765]
