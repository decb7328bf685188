"""How gunicorn runs the web server: `gunicorn -c python:zhongshi.gunicorn zhongshi.wsgi:application`.

Processes from WEB_CONCURRENCY, address from --bind. The processes count requests into files of a folder of their own;
whichever answers `/metrics` adds them up. The figures of a process that ended are kept in one file, so that neither
restarts lose counts nor files pile up.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

threads = 4
timeout = 60
graceful_timeout = 30
# A connection that is kept open stays with the process that took it, be it ever so busy; a new one goes to whichever
# is free. The proxy opens one a request anyway.
keepalive = 0
# A new process builds its catalogue anew, ten seconds of work with 10,000 listings: rarely enough to cost nothing.
max_requests = 50_000
max_requests_jitter = 10_000
control_socket_disable = True
# The heartbeat files lie in memory: a slow disk must not look like a hung process.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
# Only the proxy reaches the port; who else asks is told apart by REMOTE_ADDR.
forwarded_allow_ips = "*"
_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def on_starting(server: Any) -> None:
    """Make the folder of the counts, before the first process is forked."""
    os.environ[_FOLDER] = tempfile.mkdtemp(prefix="zhongshi-counts-")


def child_exit(server: Any, worker: Any) -> None:
    """Move what an ended process counted to the counts of all that ended."""
    from zhongshi.core.telemetry.ended import keep  # noqa: PLC0415 - after the folder is named

    try:
        keep(Path(os.environ[_FOLDER]), worker.pid)
    except Exception:  # a file cut off by kill -9 costs its counts; it must not cost the server
        server.log.exception("the counts of process %s are lost", worker.pid)


def on_exit(server: Any) -> None:
    """Take the folder away."""
    shutil.rmtree(os.environ.get(_FOLDER, ""), ignore_errors=True)
