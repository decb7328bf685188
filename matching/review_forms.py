"""What the zone's office types when it decides."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .reviewing.reasons import OTHER, note_of, reasons_for

APPROVE = "approve"
DECISIONS = ((APPROVE, APPROVE), ("return", "return"), ("reject", "reject"))


class DecisionForm(forms.Form):
    """Approve, or send back with one of the common reasons, with own words, or both."""

    reason = forms.ChoiceField(label=_("Reason"), required=False)
    note = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed to send back: the other side reads it."),
    )
    decision = forms.ChoiceField(choices=DECISIONS)
    seen = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["reason"].choices = [("", _("choose one")), *reasons_for(kind)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or {}
        if entered.get("reason") == OTHER and not entered.get("note", "").strip() and not self.is_approval:
            self.add_error("note", _("Please say why; the other side will read it."))
        return entered

    @property
    def is_approval(self) -> bool:
        return bool(self.cleaned_data.get("decision") == APPROVE)

    @property
    def words(self) -> str:
        """The note as the other side reads it; what is said with an approval is only the reviewer's own words."""
        entered = self.cleaned_data
        return note_of(self.kind, "" if self.is_approval else entered["reason"], entered["note"])


class NominationForm(forms.Form):
    """Which listing is proposed for a need, and why; the service says what is wrong with the reason."""

    capability = forms.UUIDField(error_messages={"required": _("Choose a listing first.")})
    note = forms.CharField(required=False)
