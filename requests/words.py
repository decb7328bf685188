"""What people read and type for coded values in a need, and the questions the reader asks back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from zhongshi.vocabulary.enums import ConditionKind
from zhongshi.vocabulary.labels import kind_label, quantity_label, term_label, value_label
from zhongshi.vocabulary.lexicons import current_lexicon
from zhongshi.vocabulary.reading import Question
from zhongshi.vocabulary.reading.sources import codes

Choices = list[tuple[str, Any]]
_PERIOD_OR_DATE = ConditionKind.START_BY
_SEPARATORS = re.compile(r"[、,，;；]")
_OR = re.compile(r"或者?|\bor\b")
_SUGGESTED = (
    ConditionKind.CHAIN,
    ConditionKind.STAGE,
    ConditionKind.SERVICE,
    ConditionKind.PROCESS,
    ConditionKind.QUALIFICATION,
    ConditionKind.HAZARD,
    ConditionKind.REGION,
)
# Materials are open words: a list of them would hide that anything may be typed.
_ADDABLE = (
    ConditionKind.PARAMETER,
    ConditionKind.PROCESS,
    ConditionKind.MATERIAL,
    ConditionKind.QUALIFICATION,
    ConditionKind.HAZARD,
    ConditionKind.SERVICE,
    ConditionKind.STAGE,
    ConditionKind.CHAIN,
    ConditionKind.REGION,
    ConditionKind.BUDGET,
    ConditionKind.START_BY,
    ConditionKind.DURATION,
    ConditionKind.WINDOW,
)


def value_words(kind: str, value: Any) -> str:
    """A stored value as its field shows it; dates and periods stay in their ISO form, so that they can be edited."""
    if value in (None, "", []):
        return ""
    return str(value) if kind == _PERIOD_OR_DATE else value_label(kind, value)


def condition_value(kind: str, typed: str) -> str | list[str]:
    """What to store for what was typed: the vocabulary's own word where it knows the form, else the words themselves.

    Regions give a list, of which any one suffices; so do words joined by 或 or "or" where the vocabulary knows each.
    """
    if kind == ConditionKind.REGION:
        return [_known(kind, part.strip()) for part in _SEPARATORS.split(typed) if part.strip()]
    if kind == _PERIOD_OR_DATE:
        return typed.strip()
    choices = [current_lexicon().canonical(kind, part.strip()) for part in _OR.split(typed)]
    known = [choice for choice in choices if choice]
    return known if len(known) == len(choices) > 1 else _known(kind, typed.strip())


def _known(kind: str, form: str) -> str:
    return current_lexicon().canonical(kind, form) or form


def addable_kinds() -> Choices:
    """Kinds of conditions a person may add by hand."""
    return [(str(kind), kind_label(kind)) for kind in _ADDABLE]


def region_choices() -> Choices:
    """Provinces and cities of the vocabulary, in its order."""
    terms = current_lexicon().terms("region")
    return [(term.code, term_label("region", term.code)) for term in terms if term.code[:1].isdigit()]


def quantity_choices() -> Choices:
    """Quantities a parameter may have."""
    return [(code, quantity_label(code)) for code in codes("quantity")]


def suggestions(kinds: Iterable[str]) -> dict[str, list[str]]:
    """Words to pick from, for those of `kinds` that have a controlled list."""
    wanted = [kind for kind in _SUGGESTED if kind in set(kinds)]
    return {str(kind): [term_label(kind, term.code) for term in current_lexicon().terms(kind)] for kind in wanted}


def unit_suggestions() -> list[str]:
    """Units a bound may be given in."""
    return list(codes("unit"))


def question_words(question: Question) -> str:
    """What the reader would like to know, as a sentence."""
    if question.code == "biosafety_missing":
        return _("Are genetically modified organisms or pathogens involved?")
    if question.quantity:
        return _("%(quantity)s: from how much to how much?") % {"quantity": quantity_label(question.quantity)}
    sentences = {
        ConditionKind.CHAIN: _("Which industry chain does it belong to?"),
        ConditionKind.STAGE: _("Which stage is it at: laboratory sample, pilot, small batch?"),
        ConditionKind.SERVICE: _("Which service do you need: contract piloting, hire of a line, testing?"),
        ConditionKind.PROCESS: _("Which process steps have to be run?"),
        ConditionKind.MATERIAL: _("Which material or product is it?"),
        ConditionKind.PARAMETER: _("At which scale, temperature or pressure?"),
        ConditionKind.QUALIFICATION: _("Which permits or certificates must the platform have?"),
        ConditionKind.REGION: _("In which regions may the platform be?"),
        ConditionKind.HAZARD: _("Is anything flammable, explosive, toxic or corrosive involved?"),
        ConditionKind.BUDGET: _("How much may it cost?"),
        ConditionKind.START_BY: _("By when must it start?"),
        ConditionKind.DURATION: _("How long will it take?"),
        ConditionKind.WINDOW: _("Within which weeks could it be run?"),
    }
    return sentences.get(question.kind, kind_label(question.kind))  # type: ignore[call-overload, no-any-return]
