"""Walking the sealed trail: the first link that does not hold, and anchors held against it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .audit_chain import link_digest
from .models import AuditEntry, AuditSeal

BATCH = 2000
_ANCHOR = re.compile(r"audit anchor sequence=(\d+) digest=([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Walk:
    """What a walk found: `links` that hold, the digest of the last of them, and the first problem ("" where none)."""

    links: int
    digest: str
    problem: str = ""
    entry_id: int | None = None


class _Broken(Exception):
    def __init__(self, entry_id: int | None, problem: str) -> None:
        super().__init__(problem)
        self.entry_id = entry_id


def read_anchors(lines: Iterable[str]) -> dict[int, str]:
    """Return {sequence: digest} of the anchor lines among `lines`, be it a log or the anchor file."""
    return {int(found[1]): found[2] for line in lines if (found := _ANCHOR.search(line))}


def anchor_line(sequence: int, digest: str, moment: str) -> str:
    """The line that `read_anchors` reads."""
    return f"audit anchor sequence={sequence} digest={digest} at={moment}"


def walk(anchors: Mapping[int, str] | None = None) -> Walk:
    """Hold every sealed entry against its seal, in order, up to the first problem. Reads only.

    Memory is bounded: two thousand links at a time. Entries younger than the last seal are not judged.
    """
    wanted = dict(anchors or {})
    sequence, previous, entry_id = 0, "", 0
    try:
        while links := list(AuditSeal.objects.filter(sequence__gt=sequence).order_by("sequence")[:BATCH]):
            sequence, previous, entry_id = _batch(links, sequence, previous, entry_id, wanted)
        if missed := sorted(number for number in wanted if number > sequence):
            raise _Broken(
                None, f"the trail ends at link {sequence}, but an anchor names link {missed[0]}: its end is cut"
            )
    except _Broken as broken:
        return Walk(sequence, previous, str(broken), broken.entry_id)
    return Walk(sequence, previous)


def _batch(
    links: list[AuditSeal], sequence: int, previous: str, after: int, wanted: Mapping[int, str]
) -> tuple[int, str, int]:
    highest = max(link.entry_id for link in links)
    rows = AuditEntry.objects.filter(pk__gt=after, pk__lte=highest).order_by("pk")
    entries = {entry.pk: entry for entry in rows}
    ids = iter(sorted(entries))
    for link in links:
        _check_link(link, sequence, previous, after)
        entry = entries.get(link.entry_id)
        if entry is None:
            raise _Broken(link.entry_id, f"entry {link.entry_id} is deleted (link {link.sequence})")
        if (found := next(ids)) != link.entry_id:
            raise _out_of_place(link, found)
        if link_digest(link.sequence, previous, entry) != link.digest:
            raise _Broken(entry.pk, f"entry {entry.pk} was changed (link {link.sequence})")
        if wanted.get(link.sequence, link.digest) != link.digest:
            raise _Broken(entry.pk, f"link {link.sequence} is not the one its anchor names: the chain was written anew")
        sequence, previous, after = link.sequence, link.digest, link.entry_id
    return sequence, previous, after


def _out_of_place(link: AuditSeal, found: int) -> _Broken:
    if AuditSeal.objects.filter(entry_id=found).exists():
        return _Broken(link.entry_id, f"link {link.sequence} (entry {link.entry_id}) is not in its place")
    return _Broken(found, f"entry {found} was put in between: it has no seal")


def _check_link(link: AuditSeal, sequence: int, previous: str, after: int) -> None:
    if link.sequence != sequence + 1:
        raise _Broken(link.entry_id, f"link {sequence + 1} is missing before entry {link.entry_id}")
    if link.previous != previous or link.entry_id <= after:
        raise _Broken(link.entry_id, f"link {link.sequence} (entry {link.entry_id}) is not in its place")
