"""`python -m zhongshi.embedded run`: the command gets both servers, and nothing outlives it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from .conftest import Start, command_line, descendants, left_after

USE_BOTH = """
import os, psycopg, redis
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    print(*connection.execute("SHOW server_version_num").fetchone())
store = redis.Redis.from_url(os.environ["REDIS_URL"])
store.set("k", "中")
print(store.get("k").decode())
store.close()
"""
WAIT = "import os, sys, time; print(os.environ['DATABASE_URL'], flush=True); time.sleep(60)"


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def test_gives_the_command_a_working_postgresql_and_redis(open_folder: Path, start_embedded: Start) -> None:
    run = start_embedded("run", "--temporary", "--", sys.executable, "-c", USE_BOTH, TMPDIR=str(open_folder))
    code, out, err = finish(run)
    assert (code, err) == (0, "")
    version, value = out.split()
    assert version.startswith("18")
    assert value == "中"
    assert list(open_folder.iterdir()) == []


def test_answers_with_the_exit_code_of_the_command(start_embedded: Start) -> None:
    code, _, err = finish(start_embedded("run", "--temporary", "--", "sh", "-c", "exit 7"))
    assert (code, err) == (7, "")


def test_says_which_command_does_not_exist(start_embedded: Start) -> None:
    code, out, err = finish(start_embedded("run", "--temporary", "--", "/no/such/command"))
    assert (code, out) == (1, "")
    assert err == "zhongshi: Cannot run /no/such/command: No such file or directory.\n"


def test_leaves_named_servers_alone(start_embedded: Start) -> None:
    named = {"DATABASE_URL": "postgres://elsewhere/x", "REDIS_URL": "redis://elsewhere/0"}
    show = "echo $DATABASE_URL $REDIS_URL; ps -o args= --ppid $PPID"
    code, out, err = finish(start_embedded("run", "--temporary", "--", "sh", "-c", show, **named))
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "postgres://elsewhere/x redis://elsewhere/0"
    assert "redis-server" not in out


def test_two_at_once_have_servers_of_their_own(start_embedded: Start) -> None:
    runs = [start_embedded("run", "--temporary", "--", "sh", "-c", "echo $DATABASE_URL $REDIS_URL") for _ in range(2)]
    answers = [finish(run) for run in runs]
    assert [code for code, _, _ in answers] == [0, 0]
    urls = {url for _, out, _ in answers for url in out.split()}
    assert len(urls) == 4


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_ctrl_c_and_termination_leave_no_process(
    open_folder: Path, number: int, code: int, start_embedded: Start
) -> None:
    run = start_embedded("run", "--temporary", "--", sys.executable, "-c", WAIT, TMPDIR=str(open_folder))
    assert run.stdout is not None
    assert run.stdout.readline().startswith("postgres://zhongshi:")
    started = descendants(run.pid)
    assert len(started) >= 4
    # Ctrl-C goes to everybody at the terminal; termination to the one process that was named.
    if number == signal.SIGINT:
        os.killpg(run.pid, number)
    else:
        run.send_signal(number)
    assert finish(run)[0] == code
    assert left_after(started) == set()
    assert list(open_folder.iterdir()) == []


def test_a_killed_supervisor_leaves_no_process_and_no_folder(open_folder: Path, start_embedded: Start) -> None:
    run = start_embedded("run", "--temporary", "--", sys.executable, "-c", WAIT, TMPDIR=str(open_folder))
    assert run.stdout is not None
    url = run.stdout.readline().strip()
    started = descendants(run.pid)
    run.kill()
    run.communicate(timeout=60)
    assert left_after(started) == set()
    assert list(open_folder.iterdir()) == []
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2)


def test_a_dead_server_ends_up_with_a_sentence(start_embedded: Start) -> None:
    up = start_embedded("up", "--temporary")
    assert up.stdout is not None
    addresses = [up.stdout.readline().partition("=")[0] for _ in range(2)]
    assert addresses == ["DATABASE_URL", "REDIS_URL"]
    started = descendants(up.pid)
    [redis] = [pid for pid in started if b"redis-server" in command_line(pid)]
    os.kill(redis, signal.SIGKILL)
    code, _, err = finish(up)
    assert code == 1
    assert err.startswith("zhongshi: redis ended unexpectedly (signal SIGKILL); everything else was stopped.")
    assert left_after(started) == set()
