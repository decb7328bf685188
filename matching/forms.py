"""What an operator types in answer to a lead, and an administrator in a review."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .enums import DeclineReason
from .services.leads import QuoteInput

CURRENCIES = [("CNY", _("yuan (CNY)")), ("EUR", _("euro (EUR)")), ("USD", _("US dollar (USD)"))]


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class QuoteForm(forms.Form):
    """An offer."""

    amount = forms.DecimalField(label=_("Amount in all"), max_digits=14, decimal_places=2)
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES, initial="CNY")
    valid_until = forms.DateField(label=_("Valid until"), widget=_day())
    start = forms.DateField(label=_("Possible start"), required=False, widget=_day())
    days = forms.IntegerField(label=_("Working days"), required=False, min_value=1, max_value=3650)
    note = forms.CharField(
        label=_("What the amount covers, and on what it rests"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class QuoteLineForm(forms.Form):
    """One item of an offer."""

    name = forms.CharField(label=_("Item"), required=False, max_length=200)
    amount = forms.DecimalField(label=_("Amount"), required=False, max_digits=14, decimal_places=2, min_value=0)

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or {}
        if entered.get("amount") is not None and not entered.get("name"):
            self.add_error("name", _("Name the item."))
        return entered


QuoteLineFormSet = forms.formset_factory(QuoteLineForm, extra=4, max_num=20, absolute_max=40)


def offer_of(form: QuoteForm, lines: Any) -> QuoteInput:
    """The offer as the service takes it; empty lines are left out."""
    entered = form.cleaned_data
    items = [
        {"name": line["name"], "amount": None if line.get("amount") is None else str(line["amount"])}
        for line in lines.cleaned_data
        if line.get("name")
    ]
    return QuoteInput(
        amount=entered["amount"],
        currency=entered["currency"],
        valid_until=entered["valid_until"],
        start=entered["start"],
        days=entered["days"],
        note=entered["note"],
        lines=items,
    )


class AskForm(forms.Form):
    """A question before the answer."""

    question = forms.CharField(label=_("Your question"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class DeclineForm(forms.Form):
    """A refusal with its reason: one of the common ones, in other words where none fits."""

    reason = forms.ChoiceField(label=_("Reason"), choices=DeclineReason.choices, widget=forms.RadioSelect)
    words = forms.CharField(label=_("More about it"), required=False, max_length=400)

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or {}
        if entered.get("reason") == DeclineReason.OTHER and not entered.get("words"):
            self.add_error("words", _("Please give a reason; the enterprise will read it."))
        return entered

    def reason_in_words(self) -> str:
        """What the enterprise reads."""
        label = str(DeclineReason(self.cleaned_data["reason"]).label)
        words: str = self.cleaned_data["words"]
        if self.cleaned_data["reason"] == DeclineReason.OTHER:
            return words
        return f"{label}：{words}" if words else label


class ReviewForm(forms.Form):
    """The zone office's word on a match."""

    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed to reject: the enterprise reads it."),
    )
    decision = forms.ChoiceField(
        choices=[("approve", pgettext_lazy("review", "approve")), ("reject", pgettext_lazy("review", "reject"))]
    )
