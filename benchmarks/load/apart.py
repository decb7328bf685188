"""Two checkouts with homes and temporary folders of their own, as on two machines: they share only the stores."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from zhongshi.embedded.ground import CHECKOUT

from .accounts import token_of
from .calling import Call, Line, posted
from .service import Service, World, command, drained, family

_CODE = ("zhongshi", "platforms", "requests", "matching", "benchmarks")
WITHIN_SECONDS = 10.0


def apart(world: World, body: str) -> list[list[str]]:
    """What was done in one place and seen in the other, and after how many seconds. Exits where it is not seen."""
    with _place(world, "one") as one, _place(world, "other") as other:
        for service, name in ((one, "one"), (other, "other")):
            service.work(1, name=name)
            service.web(1)
        token = token_of(one.url, "load-enterprise0")
        found = [_posted(one, other, body, token), _edited(one, other), *_scored(world, one, other, body, token)]
        return [*found, _opened(one, other)]


@contextmanager
def _place(world: World, name: str) -> Iterator[Service]:
    folder = world.folder / name
    for part in _CODE:
        shutil.copytree(CHECKOUT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CHECKOUT / "manage.py", folder)
    own = {word: str(folder / word.lower()) for word in ("HOME", "TMPDIR", "STATIC_ROOT")}
    for path in own.values():
        Path(path).mkdir()
    service = Service(world, cwd=folder, more=own)
    command(service.env, "manage.py", "collectstatic", "--noinput", "-v0", cwd=folder)
    try:
        yield service
    finally:
        service.stop()


def _posted(one: Service, other: Service, body: str, token: str) -> list[str]:
    """Signed in and posted here, read there with the same token."""
    need = _post(one, body, token)
    took = _seen(lambda: _get(other, f"/api/v1/needs/{need}/", token)[0] == 200)
    return ["signed in and posted in one, read in the other", f"{took:.2f}"]


def _edited(one: Service, other: Service) -> list[str]:
    """A listing loaded and renamed here, found there by its new name in the catalogue that process holds in memory."""
    stamp = f"x{time.time_ns()}"
    took = 0.0
    for name in (f"甲{stamp}", f"乙{stamp}"):
        part = {"id": f"load-{stamp}-1", "name": name, "summary": "", "processes": ["发酵"]}
        record = {"id": f"load-{stamp}", "name": "两处可见", "chains": ["生物制造"], "capabilities": [part]}
        file = one.world.folder / f"{stamp}.jsonl"
        file.write_text(json.dumps(record, ensure_ascii=False) + "\n", encoding="utf-8")
        command(one.env, "manage.py", "load_exchange", str(file), "--publish", cwd=one.cwd)
        took = max(took, _seen(lambda name=name: _count(other, name) == 1))  # type: ignore[misc]
    if _count(other, f"甲{stamp}"):
        raise SystemExit("The other process still finds a listing by the name it no longer has.")
    return ["a listing changed in one, found by its new name in the other (longest of two)", f"{took:.2f}"]


def _scored(world: World, one: Service, other: Service, body: str, token: str) -> list[list[str]]:
    """Posted here while no worker runs here: the other's takes it up. Then all of one is gone, and nobody misses it."""
    drained(world, 60)
    one.children.pop("one").kill()
    need = _post(one, body, token)
    address = f"/api/v1/needs/{need}/matches/"
    took = _seen(lambda: b'"state":"ready"' in _get(other, address, token)[1], 30)
    one.stop()
    need = _post(other, body, token)
    address = f"/api/v1/needs/{need}/matches/"
    alone = _seen(lambda: b'"state":"ready"' in _get(other, address, token)[1], 30)
    return [
        ["posted in one, scored by the other's worker, read in the other", f"{took:.2f}"],
        ["one is gone altogether: posted and scored in the other", f"{alone:.2f}"],
    ]


def _opened(one: Service, other: Service) -> list[str]:
    """No process of the other has a file of the first one open."""
    pids = [pid for child in other.children.values() for pid in family(child.pid)]
    links = [link for pid in pids for link in Path(f"/proc/{pid}/fd").iterdir()]
    strange = [path for link in links if (path := _target(link)).startswith(f"{one.cwd}/")]
    if strange:
        raise SystemExit(f"Shared beside the stores: {strange}")
    return [f"files of one place open in the other ({len(pids)} processes looked at)", "none"]


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""


def _post(service: Service, body: str, token: str) -> str:
    status, answer = Line(service.url).call(posted([body], token, f"load-{time.time_ns()}", 0))
    if status != 201:
        raise SystemExit(f"Posting was answered with {status}: {answer[:300]!r}")
    return str(json.loads(answer)["id"])


def _get(service: Service, path: str, token: str) -> tuple[int, bytes]:
    return Line(service.url).call(Call("GET", path, None, (("Authorization", f"Bearer {token}"),)))


def _count(service: Service, word: str) -> int:
    _, answer = Line(service.url).call(Call("GET", f"/api/v1/capabilities/?q={quote(word)}"))
    return int(json.loads(answer)["count"])


def _seen(is_so: Callable[[], bool], within: float = WITHIN_SECONDS) -> float:
    """Seconds until it is so. Exits after `within`."""
    began = time.monotonic()
    while not is_so():
        if time.monotonic() - began > within:
            raise SystemExit(f"Not seen in the other place within {within:.0f} s.")
        time.sleep(0.05)
    return time.monotonic() - began
