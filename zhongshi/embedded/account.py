"""Under which account the database servers run. PostgreSQL refuses root, so root lends them `nobody`."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict


class RunAs(TypedDict, total=False):
    """Arguments of `subprocess.Popen` that change the account of the child."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Account:
    """Numbers, since a container may run under a number that has no name."""

    uid: int
    gid: int

    @property
    def run_as(self) -> RunAs:
        """Empty when the account is our own: changing to oneself needs a privilege as well."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_enter(self, folder: Path) -> bool:
        """Asked of the kernel, as that account: mode bits alone do not know access lists and mounts."""
        return self._succeeds("/bin/sh", "-c", 'cd -- "$0"', str(folder))

    def can_run(self, program: Path) -> bool:
        return self._succeeds(str(program), "--version")

    def _succeeds(self, *command: str) -> bool:
        try:
            finished = subprocess.run(
                command, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, check=False, **self.run_as
            )
        except OSError:
            return False
        return finished.returncode == 0


def store_account() -> Account:
    """The present user, or `nobody` for root."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return Account(65534, 65534)
    return Account(entry.pw_uid, entry.pw_gid)
