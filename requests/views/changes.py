"""What changed on a need, held against what a page saw or typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from requests.changes import Change, Version, changes_between
from requests.models import Need, NeedRevision
from requests.records import condition_record
from requests.services import NeedInput

__all__ = ["Change", "Edit", "changes_since", "differences", "edits"]


@dataclass(frozen=True, slots=True)
class Edit:
    """A revision and what it changed; the first has changed nothing."""

    revision: NeedRevision
    changes: list[Change]


def version_of(need: Need) -> Version:
    """The need as it is stored now."""
    return Version(need.title, need.text, [condition_record(row) for row in need.conditions.all()])


def changes_since(need: Need, revision: int) -> list[Change]:
    """What others changed since `revision`; nothing where that is not kept or is the newest."""
    seen = need.revisions.filter(number=revision).first() if revision != need.revision else None
    return changes_between(_kept(seen), version_of(need)) if seen else []


def differences(need: Need, entered: NeedInput) -> list[Change]:
    """From what is stored to what was typed."""
    return changes_between(version_of(need), Version(entered.title, entered.text, entered.conditions or []))


def edits(revisions: Sequence[NeedRevision]) -> list[Edit]:
    """Each revision with what it changed, newest first."""
    ordered = sorted(revisions, key=lambda revision: revision.number)
    before = [None, *ordered[:-1]]
    found = [
        Edit(now, changes_between(_kept(then), _kept(now)) if then else [])
        for then, now in zip(before, ordered, strict=True)
    ]
    return found[::-1]


def _kept(revision: NeedRevision) -> Version:
    return Version(revision.title, revision.text, revision.conditions)
