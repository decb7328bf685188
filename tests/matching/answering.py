"""A process of the service as the freshness tests drive it: one JSON command a line in, one JSON answer a line out.

`find` answers with the verdicts of every capability found and the texts read since start, `count` with the counts of
the search filter for processes; `load` and `suspend` change a listing through the services.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import django

_readers: list[str] = []
_READERS = ("read_capability", "read_need", "read_text")


def _note_readers(frame: FrameType, event: str, _argument: object) -> None:
    """Profile hook: keep the name of each entry into the text reader."""
    code = frame.f_code
    if event == "call" and code.co_name in _READERS and Path(code.co_filename).parent.name == "reading":
        _readers.append(code.co_name)


def _find(conditions: list[dict[str, Any]]) -> dict[str, Any]:
    from matching import catalogue  # noqa: PLC0415 - app ready

    found = catalogue.find({"conditions": conditions}, limit=10).found
    return {
        "found": {item.capability_id: [verdict["verdict"] for verdict in item.verdicts] for item in found},
        "sources": {item.capability_id: [verdict["evidence"]["source"] for verdict in item.verdicts] for item in found},
        "readers": _readers,
    }


def _count() -> dict[str, int]:
    from platforms.search import Search, count_facets  # noqa: PLC0415 - app ready

    return count_facets(Search())["process"]


def _load(record: dict[str, Any]) -> dict[str, Any]:
    from platforms.services import platform_load  # noqa: PLC0415 - app ready
    from zhongshi.accounts.models import Zone  # noqa: PLC0415 - app ready

    return {"outcome": platform_load(record=record, zone=Zone.objects.get(), publish=True), "readers": _readers}


def _suspend(capability_id: int, username: str) -> dict[str, Any]:
    from platforms.models import Capability  # noqa: PLC0415 - app ready
    from platforms.services import capability_advance  # noqa: PLC0415 - app ready
    from zhongshi.accounts.actors import actor_of  # noqa: PLC0415 - app ready
    from zhongshi.accounts.models import User  # noqa: PLC0415 - app ready

    actor = actor_of(User.objects.get(username=username))
    assert actor
    capability = Capability.objects.select_related("platform__zone").get(pk=capability_id)
    return {"status": capability_advance(actor=actor, capability=capability, target="suspended").status}


def main() -> None:
    """Answer until standard input ends."""
    django.setup()
    sys.setprofile(_note_readers)
    commands: dict[str, Callable[..., dict[str, Any]]] = {
        "find": _find,
        "count": _count,
        "load": _load,
        "suspend": _suspend,
    }
    print(json.dumps("ready"), flush=True)  # noqa: T201
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(commands[asked.pop("do")](**asked)), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
