"""The figures of a version in plain words, in groups: for the form, the differences and the pages of versions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Group:
    """Figures that belong together. `most` is the largest allowed, `step` what the arrows of a field add."""

    code: str
    title: Text
    help: Text
    most: int
    step: str


SHARES = Group(
    "shares",
    _("What counts how much"),
    _(
        "Shares of the score. They need not add up to 100: what a need does not ask about is left out, "
        "and the others share its part."
    ),
    100,
    "1",
)
QUESTIONS = Group(
    "questions",
    _("What an open question costs"),
    _(
        "A listing that does not say is never ruled out; it loses these points for each question "
        "until its operator answers."
    ),
    100,
    "0.5",
)
NEAR = Group(
    "near",
    _("What a near miss is worth"),
    _("Within its part of the score, from 0 (nothing) to 1 (as good as a hit)."),
    1,
    "0.05",
)
GROUPS = (SHARES, QUESTIONS, NEAR)

_WORDS: dict[str, tuple[Text, Text]] = {
    "process": (
        pgettext_lazy("component of the score", "process"),
        _("Does it offer the processes asked for? A “must” counts twice."),
    ),
    "product": (
        pgettext_lazy("component of the score", "product and chain"),
        _("The same material, the same industry chain, shared words."),
    ),
    "scale": (
        pgettext_lazy("component of the score", "scale and parameters"),
        _("Volume, temperature, pressure and other quantities."),
    ),
    "terms": (
        pgettext_lazy("component of the score", "permits and services"),
        _("Qualifications, hazards, services, stages, dates."),
    ),
    "region": (pgettext_lazy("component of the score", "region"), _("How near it is to what the need asks for.")),
    "budget": (pgettext_lazy("component of the score", "budget"), _("Does the price lie within?")),
    "unknown": (_("points for an open question"), _("Taken off for each condition nobody has stated.")),
    "unknown_must": (_("points for an open “must”"), _("Taken off instead where the condition is a “must”.")),
    "unknown_beside": (
        _("points for a telling silence"),
        _(
            "Taken off instead where the listing names other permits, or its scale in other terms, but not what is "
            "asked for. It counts in full where all listings speak of such things, and less where few do."
        ),
    ),
    "likely_value": (
        _("a word that probably means it"),
        _("The listing writes a word that elsewhere goes with the process asked for."),
    ),
    "same_platform_value": (
        _("another line of the same platform"),
        _("The process is offered there, not on this line."),
    ),
    "broader_process_value": (_("a broader process"), _("The listing names only the general term.")),
    "related_process_value": (_("a related process"), _("Related in the vocabulary.")),
    "same_family_value": (_("a process of the same family"), _("For instance another way of drying.")),
    "same_chain_value": (_("the same industry chain"), _("Another product of the chain asked for.")),
    "near_chain_value": (_("a neighbouring chain"), _("Chains the vocabulary calls neighbours.")),
    "same_province_value": (_("the same province"), _("Another city of it.")),
    "same_cluster_value": (_("the same city cluster"), _("For instance Chengdu and Chongqing.")),
    "same_country_value": (_("the same country"), _("Where the need names no region.")),
    "unknown_value": (_("not stated"), _("A condition the listing says nothing about.")),
    "approves_itself": (
        _("approve good matches without review"),
        _("When no “must” fails and the score is high enough, the operator gets the lead at once."),
    ),
    "approval_score": (_("least score for that"), _("From 0 to 100. Matches below wait for review.")),
    "lead_limit": (
        _("open leads an operator gets at most"),
        _("Beyond it matches wait for review, so that nobody is flooded and smaller platforms are seen."),
    ),
}


def group_of(name: str) -> Group:
    """Where a weight of the engine belongs, by its name."""
    if name.endswith("_value"):
        return NEAR
    return QUESTIONS if name.startswith("unknown") else SHARES


def label_of(name: str) -> Text:
    """A figure's name in words; a new weight of the engine shows its own until it has some."""
    return _WORDS[name][0] if name in _WORDS else name.replace("_", " ")


def help_of(name: str) -> Text:
    """What a figure does, in a sentence, or nothing."""
    return _WORDS[name][1] if name in _WORDS else ""


def without_words(names: Iterable[str]) -> list[str]:
    """Those of the names nobody has put into words yet."""
    return [name for name in names if name not in _WORDS]
