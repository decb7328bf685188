"""Regions as paths from the country down, so that inside, outside and not-known-closely-enough are prefixes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .knowledge import Knowledge
from .model import Path, Verdict

_GB_CODE = re.compile(r"^\d{6}$")
_MAX_DEPTH = 8


def region_path(code: str, parents: Mapping[str, str]) -> Path:
    """Return the path of a region: a GB/T 2260 code, an ISO country code, ``province/city``, or a known name.

    A name nobody knows is its own path, so it only ever equals itself. Empty gives the empty path.
    """
    if not code:
        return ()
    if _GB_CODE.match(code):
        province, city = code[:2] + "0000", code[:4] + "00"
        return tuple(dict.fromkeys(("CN", province, city, code)))
    if "/" in code:
        above = code.rsplit("/", 1)[0]
        return (*_climb(above, parents), code)
    return _climb(code, parents)


def _climb(code: str, parents: Mapping[str, str]) -> Path:
    path = [code]
    while path[0] in parents and len(path) < _MAX_DEPTH:
        path.insert(0, parents[path[0]])
    return tuple(path)


def place_verdict(path: Path, wanted: tuple[Path, ...]) -> Verdict:
    """Is the place inside any wanted region? Unknown where it is not known closely enough to say."""
    if not path:
        return Verdict.UNKNOWN
    if any(path[: len(region)] == region for region in wanted):
        return Verdict.PASS
    if any(region[: len(path)] == path for region in wanted):
        return Verdict.UNKNOWN
    return Verdict.FAIL


def nearness(path: Path, wanted: tuple[Path, ...], knowledge: Knowledge, province: float, cluster: float) -> float:
    """How near a place outside the wanted regions is: `province` in the same one, `cluster` beside it, else 0."""
    best = 0.0
    for region in wanted:
        if len(path) > 1 and len(region) > 1 and path[1] == region[1]:
            best = max(best, province)
        elif _same_cluster(path, region, knowledge):
            best = max(best, cluster)
    return best


def _same_cluster(path: Path, region: Path, knowledge: Knowledge) -> bool:
    if len(path) < 2 or len(region) < 2:
        return False
    return any(path[1] in cluster and region[1] in cluster for cluster in knowledge.clusters)


def wider(code: str, knowledge: Knowledge) -> tuple[tuple[str, ...], ...]:
    """Regions one could ask for instead, from the nearest out: the ones above, then the cluster, then the country."""
    path = region_path(code, knowledge.region_parents)
    steps: list[tuple[str, ...]] = [(above,) for above in reversed(path[1:-1])]
    if len(path) > 1:
        steps += [tuple(sorted(cluster)) for cluster in knowledge.clusters if path[1] in cluster]
        steps.append((path[0],))
    return tuple(steps)
