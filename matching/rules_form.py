"""What an administrator enters for the next version of the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .services.rules import RulesInput
from .weight_words import GROUPS, SHARES, Group, group_of, help_of, label_of
from .zone_rules import WEIGHT_NAMES, Policy, ZoneRules

_MOST_LEADS = 1000


def _words(name: str) -> dict[str, Any]:
    return {"label": label_of(name), "help_text": help_of(name)}


def _bounds(least: int, most: int) -> dict[str, Any]:
    """The bounds of a number, with one message for whatever is wrong with it."""
    wrong = format_lazy(_("Please enter a number from {least} to {most}."), least=least, most=most)
    codes = ("required", "invalid", "min_value", "max_value")
    return {"min_value": least, "max_value": most, "error_messages": dict.fromkeys(codes, wrong)}


class RulesForm(forms.Form):
    """Every weight the engine knows, the policy, and why. `base` names the rules it is compared with."""

    base = forms.CharField(widget=forms.HiddenInput, max_length=40)
    approves_itself = forms.BooleanField(required=False, **_words("approves_itself"))
    approval_score = forms.IntegerField(**_words("approval_score"), **_bounds(0, 100))
    lead_limit = forms.IntegerField(**_words("lead_limit"), **_bounds(1, _MOST_LEADS))
    note = forms.CharField(
        label=_("Why"),
        max_length=200,
        help_text=_("Stands in the list of versions and in the audit trail."),
        error_messages={"required": _("Please say why; your colleagues will read it.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in WEIGHT_NAMES:
            self.fields[name] = _weight(name, group_of(name))
            self.initial[name] = _tidy(self.initial.get(name))

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or {}
        shares = [entered.get(name) for name in WEIGHT_NAMES if group_of(name) is SHARES]
        if not any(share is None or share > 0 for share in shares):
            self.add_error(None, _("At least one share must be above 0; otherwise every score is 0."))
        return entered

    def groups(self) -> list[tuple[Group, list[BoundField]]]:
        """The weights' fields in their groups."""
        return [(group, [self[name] for name in WEIGHT_NAMES if group_of(name) is group]) for group in GROUPS]

    def entered(self) -> RulesInput:
        """What was entered as the service takes it; only of a valid form."""
        return input_of(self.cleaned_data)


def input_of(values: Mapping[str, Any]) -> RulesInput:
    """Read the service's input out of a form's values."""
    policy = Policy(
        approves_itself=values["approves_itself"],
        approval_score=values["approval_score"],
        lead_limit=values["lead_limit"],
    )
    return RulesInput(weights={name: values[name] for name in WEIGHT_NAMES}, policy=policy, note=values["note"])


def values_of(rules: ZoneRules, *, base: str) -> dict[str, Any]:
    """What the form shows to begin with."""
    return {**rules.weights.as_mapping(), **asdict(rules.policy), "base": base}


def _tidy(value: float | None) -> float | None:
    """40 and not 40.0."""
    return int(value) if value is not None and float(value).is_integer() else value


def _weight(name: str, group: Group) -> forms.FloatField:
    widget = forms.NumberInput(attrs={"step": group.step})
    return forms.FloatField(widget=widget, **_words(name), **_bounds(0, group.most))
