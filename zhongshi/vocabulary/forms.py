"""What the zone's office enters about an unknown word."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Term
from .words import ADDABLE_KINDS, NAMEABLE_KINDS


class NameForm(forms.Form):
    """Which term the word is another name of."""

    term = forms.ModelChoiceField(
        label=_("Term"),
        queryset=Term.objects.filter(kind__in=NAMEABLE_KINDS),
        error_messages={"required": _("Choose a term."), "invalid_choice": _("Choose a term.")},
    )


class TermForm(forms.Form):
    """What the word names, where it is a term of its own."""

    kind = forms.ChoiceField(
        label=_("What it names"), choices=[("", "—"), *((kind.value, kind.label) for kind in ADDABLE_KINDS)]
    )
    name_en = forms.CharField(label=_("English name"), required=False, max_length=120)
    parent_name = forms.CharField(
        label=_("Broader term"),
        required=False,
        max_length=120,
        help_text=_("Its Chinese or English name, for example 干燥 for 喷雾干燥. May stay empty."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "broader"}),
    )

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or {}
        name, kind = (entered.get("parent_name") or "").strip(), entered.get("kind")
        entered["parent"] = _term_named(kind, name) if kind and name else None
        if kind and name and entered["parent"] is None:
            self.add_error("parent_name", _("The vocabulary has no such term of this kind."))
        return entered


def _term_named(kind: str, name: str) -> Term | None:
    return (
        Term.objects.filter(kind=kind, name_zh=name).first()
        or Term.objects.filter(kind=kind, name_en__iexact=name).first()
    )
