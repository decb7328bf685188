"""Deeds in the audit trail in words. Each app names its own, for the pages of every floor above and below it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_words: dict[str, str | Promise] = {"status": _("moved to another state")}


def describe(words: Mapping[str, str | Promise]) -> None:
    """Give deeds (the `action` of an audit entry) their words, lazily translated. A second call replaces."""
    _words.update(words)


def deed(action: str) -> str:
    """What was done, in the active language; the code itself where nobody has words for it."""
    return str(_words.get(action, action))
