"""What changed between two states of a need, in words a page can list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhongshi.vocabulary.labels import ConditionLabel, condition_label

Records = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Version:
    """A state of a need: its words, and its conditions as exchange records."""

    title: str
    text: str
    conditions: Records


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `before` is empty for what is new, `after` for what is gone."""

    name: str
    before: str
    after: str


def changes_between(before: Version, after: Version) -> list[Change]:
    """Title, description line by line, then the conditions: changed, new, gone."""
    found = [Change(_("Title"), before.title, after.title)] if before.title != after.title else []
    return found + _text_changes(before.text, after.text) + _condition_changes(before.conditions, after.conditions)


def _text_changes(before: str, after: str) -> list[Change]:
    old, new = before.splitlines(), after.splitlines()
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [
        Change(_("Description"), "\n".join(old[a:b]), "\n".join(new[c:d]))
        for kind, a, b, c, d in steps
        if kind != "equal"
    ]


def _condition_changes(before: Records, after: Records) -> list[Change]:
    old, new = _by_matter(before), _by_matter(after)
    found: list[Change] = []
    for matter in [*old, *(matter for matter in new if matter not in old)]:
        gone = [words for words in old[matter] if words not in new[matter]]
        come = [words for words in new[matter] if words not in old[matter]]
        pairs = zip_longest(gone, come, fillvalue="")
        found += [Change(matter, old_words, new_words) for old_words, new_words in pairs]
    return found


def _by_matter(records: Records) -> defaultdict[str, list[str]]:
    """{what the condition is about: its contents with their weight}, in the order of the need."""
    matters: defaultdict[str, list[str]] = defaultdict(list)
    for record in records:
        label = condition_label(record)
        matters[label.name].append(_content(label))
    return matters


def _content(label: ConditionLabel) -> str:
    weight = pgettext("condition", "must") if label.is_hard else pgettext("condition", "should")
    return _("%(value)s (%(weight)s)") % {"value": label.value or "—", "weight": weight}
