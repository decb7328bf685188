"""What the guard makes of what it was told, and how it ends what is left."""

import signal
import subprocess
import sys

from zhongshi.embedded.guard import end, follow

DEAF = "import signal, time; signal.signal(2, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


def test_remembers_only_what_was_not_taken_back() -> None:
    told = ["watch 11 2\n", "watch 12 15\n", "folder /a b\n", "folder /c\n", "forget 12\n", "forget 99\n", "drop /c\n"]
    assert follow(told) == ({11: 2}, {"/a b"})


def test_asks_first_and_then_insists() -> None:
    with (
        subprocess.Popen(["sleep", "60"], start_new_session=True) as willing,
        subprocess.Popen([sys.executable, "-c", DEAF], start_new_session=True, stdout=subprocess.PIPE) as deaf,
    ):
        assert deaf.stdout is not None
        assert deaf.stdout.readline() == b"up\n"
        end({willing.pid: signal.SIGTERM, deaf.pid: signal.SIGINT}, grace=0.3)
        assert (willing.wait(60), deaf.wait(60)) == (-signal.SIGTERM, -signal.SIGKILL)
    end({willing.pid: signal.SIGTERM})
