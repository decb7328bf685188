"""Whether the lock files still say what pyproject.toml asks for: `python tools/lock.py`.

To lock anew (uv is needed for that alone):
    uv pip compile pyproject.toml --universal --generate-hashes --no-header --no-annotate -o requirements.lock
    uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-header --no-annotate \
        -c requirements.lock -o requirements-dev.lock
    uv pip compile --group bench --universal --generate-hashes --no-header --no-annotate \
        -c requirements.lock -o requirements-bench.lock
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).resolve().parents[1]
# Our app has this name; the HTTP library would hide it or be hidden by it.
FORBIDDEN = "requests"


@dataclass(frozen=True, slots=True)
class Pin:
    """One package of a lock."""

    version: str
    marker: str
    hashes: int


def read_lock(path: Path) -> dict[str, Pin]:
    """The pins by normalised name. Refuses a line that is not a pin with hashes."""
    pins: dict[str, Pin] = {}
    for block in re.split(r"\n(?=\S)", path.read_text(encoding="utf-8").strip()):
        head = block.splitlines()[0].rstrip(" \\")
        requirement = Requirement(head)
        version = str(requirement.specifier).removeprefix("==")
        pins[canonicalize_name(requirement.name)] = Pin(
            version, str(requirement.marker or ""), block.count("--hash=sha256:")
        )
    return pins


def declared(pyproject: Path) -> tuple[list[Requirement], list[Requirement], list[Requirement]]:
    """What pyproject.toml asks for: to run, to develop, and for `make bench`."""
    content = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    groups = content["dependency-groups"]
    return (
        [Requirement(line) for line in content["project"]["dependencies"]],
        [Requirement(line) for line in groups["dev"]],
        [Requirement(line) for line in groups["bench"]],
    )


def problems(checkout: Path) -> list[str]:
    """A sentence for each way in which locks and pyproject.toml disagree."""
    runtime, development, bench = declared(checkout / "pyproject.toml")
    small = read_lock(checkout / "requirements.lock")
    large = read_lock(checkout / "requirements-dev.lock")
    peers = read_lock(checkout / "requirements-bench.lock")
    return [
        *_unmet(runtime, small, "requirements.lock"),
        *_unmet(runtime + development, large, "requirements-dev.lock"),
        *_unmet(bench, peers, "requirements-bench.lock"),
        *_disagreements(small, large),
        *_contradictions(large, peers),
        *_incomplete(small, "requirements.lock"),
        *_incomplete(large, "requirements-dev.lock"),
        *_incomplete(peers, "requirements-bench.lock"),
    ]


def _unmet(wanted: list[Requirement], pins: dict[str, Pin], lock: str) -> Iterator[str]:
    for requirement in wanted:
        pin = pins.get(canonicalize_name(requirement.name))
        if pin is None:
            yield f"{lock}: {requirement.name} is missing"
        elif not requirement.specifier.contains(pin.version, prereleases=True):
            yield f"{lock}: {requirement.name} {pin.version} is not {requirement.specifier}"


def _disagreements(small: dict[str, Pin], large: dict[str, Pin]) -> Iterator[str]:
    for name, pin in small.items():
        other = large.get(name)
        if other is None or other.version != pin.version:
            yield f"requirements-dev.lock: {name} is not {pin.version} as in requirements.lock"


def _contradictions(large: dict[str, Pin], peers: dict[str, Pin]) -> Iterator[str]:
    """The peers go into the same .venv, so what both locks name must be the same."""
    for name in large.keys() & peers.keys():
        if large[name].version != peers[name].version:
            yield f"requirements-bench.lock: {name} is not {large[name].version} as in requirements-dev.lock"


def _incomplete(pins: dict[str, Pin], lock: str) -> Iterator[str]:
    """Pins without hashes, the forbidden name, and what an installed package needs but the lock lacks."""
    for name, pin in pins.items():
        if pin.hashes == 0:
            yield f"{lock}: {name} has no hash"
        if name == FORBIDDEN:
            yield f"{lock}: {name} is the name of our app and must not be installed"
        for needed in _needs(name):
            if canonicalize_name(needed.name) not in pins:
                yield f"{lock}: {name} needs {needed.name}, which is missing"


def _needs(name: str) -> Iterator[Requirement]:
    try:
        lines = distribution(name).requires or []
    except PackageNotFoundError:
        return
    for line in lines:
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield requirement


def main() -> int:
    found = problems(CHECKOUT)
    print("\n".join(found) or "Locks agree with pyproject.toml.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
