"""Suggestions of a text model on the local network, where one is set: proposals, stored nowhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from requests.records import problems_of
from zhongshi.vocabulary import assistant

from .reading import check_words


def can_suggest() -> bool:
    """Whether this installation has somebody to ask."""
    return assistant.configured() is not None


def need_suggest(*, title: str, text: str, known: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Further conditions for a need's words beside the `known` ones, as exchange records with origin "proposed".

    Each has passed the assistant's checks and those of any condition that is entered. Raises InvalidInput or TooLarge
    for words that cannot be a need's, NoAnswer where nothing usable comes in time or nobody is set to ask.
    """
    endpoint = assistant.configured()
    if endpoint is None:
        raise assistant.NoAnswer("not set")
    check_words(title=title, text=text, needs_title=False)
    found = assistant.proposals(f"{title}\n{text}", known, endpoint)
    return [record for record in found if not problems_of(record)]
