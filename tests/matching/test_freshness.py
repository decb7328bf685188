"""What one process changes, the next answer of another process knows; and a restarted one reads no text again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from platforms.models import Capability, Fact
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Zone

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]
ROOT = Path(__file__).resolve().parents[2]
PROCESS = {"kind": "process", "value": "发酵", "op": "require", "hard": True, "text": "发酵"}
GMP = {"kind": "qualification", "value": "GMP", "op": "require", "hard": False, "text": "GMP"}


class Neighbour:
    """Another process on the suite's database; `ask` waits for its answer."""

    def __init__(self, running: subprocess.Popen[str]) -> None:
        self._running = running

    def ask(self, do: str, **asked: Any) -> Any:
        assert self._running.stdin is not None
        self._running.stdin.write(json.dumps({"do": do, **asked}) + "\n")
        self._running.stdin.flush()
        return self.answer()

    def answer(self) -> Any:
        assert self._running.stdout is not None
        return json.loads(self._running.stdout.readline())

    def find(self, *conditions: dict[str, Any]) -> dict[int, list[str]]:
        """Verdicts by primary key."""
        found = self.ask("find", conditions=conditions)["found"]
        return {int(pk): verdicts for pk, verdicts in found.items()}


@contextmanager
def neighbour() -> Iterator[Neighbour]:
    """Start a process of its own, ready to be asked; it ends with the block."""
    address = urlsplit(os.environ["DATABASE_URL"])
    database = urlunsplit(address._replace(path=f"/{connection.settings_dict['NAME']}"))
    env = {**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "zhongshi.settings.test"}
    command = [sys.executable, "-m", "tests.matching.answering"]
    with subprocess.Popen(
        command, cwd=ROOT, env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as running:
        started = Neighbour(running)
        assert started.answer() == "ready"
        yield started
        running.communicate()


def _record(*processes: str, summary: str = "") -> dict[str, Any]:
    capability = {"id": "x-1-1", "name": "中试线", "summary": summary, "processes": processes, "parameters": []}
    return {"id": "x-1", "name": "平台", "country": "CN", "region": "510100", "capabilities": [capability]}


def test_a_listing_changed_in_one_process_changes_the_next_answer_of_another(zone: Zone, zone_admin: Actor) -> None:
    with neighbour() as writer, neighbour() as reader:
        assert reader.find(PROCESS) == {}

        assert writer.ask("load", record=_record("发酵"))["outcome"] == "created"
        row = Capability.objects.get()
        assert reader.find(PROCESS) == {row.pk: ["pass"]}
        assert reader.ask("count") == {"发酵": 1}

        assert writer.ask("load", record=_record("精馏"))["outcome"] == "updated"
        assert reader.find({**PROCESS, "value": "精馏"}) == {row.pk: ["pass"]}
        assert reader.find(PROCESS) == {row.pk: ["unknown"]}
        assert reader.ask("count") == {"精馏": 1}

        asked = {"capability_id": row.pk, "username": zone_admin.user.username}
        assert writer.ask("suspend", **asked) == {"status": "suspended"}
        assert (reader.find(PROCESS), reader.ask("count")) == ({}, {})


def test_a_restarted_process_takes_stored_facts_and_reads_no_text(zone: Zone) -> None:
    with neighbour() as first:
        loaded = first.ask("load", record=_record("发酵", summary="车间通过GMP认证"))
        # The reader is where the test looks for it: saving went through it.
        assert "read_capability" in loaded["readers"]
    row = Capability.objects.get()
    assert Fact.objects.get(capability=row, kind="qualification").source == "read"

    with neighbour() as restarted:
        answer = restarted.ask("find", conditions=[PROCESS, GMP])

    assert answer["found"] == {str(row.pk): ["pass", "pass"]}
    assert answer["sources"] == {str(row.pk): ["declared", "read"]}
    assert answer["readers"] == []


def test_a_restarted_process_believes_the_stored_row_and_not_the_words(zone: Zone) -> None:
    with neighbour() as first:
        first.ask("load", record=_record("发酵", summary="车间通过GMP认证"))
    Fact.objects.filter(source="read").delete()

    with neighbour() as restarted:
        assert restarted.find(GMP) == {Capability.objects.get().pk: ["unknown"]}
