"""What an operator types in answer to a lead, and an administrator in a review."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .enums import DeclineReason
from .services.leads import QuoteInput

CURRENCIES = [("CNY", _("yuan (CNY)")), ("EUR", _("euro (EUR)")), ("USD", _("US dollar (USD)"))]


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SignForm(forms.Form):
    """A signature: the name as typed, the tick, and which words were on the page."""

    name = forms.CharField(
        label=_("Your full name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    agrees = forms.BooleanField(label=_("I have read the agreement and sign it for my organization."))
    digest = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class QuoteForm(forms.Form):
    """An offer."""

    amount = forms.DecimalField(
        label=_("Amount in all"),
        required=False,
        max_digits=14,
        decimal_places=2,
        help_text=_("Left empty, the items are added up."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "data-total": "lines"}),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES, initial="CNY")
    valid_until = forms.DateField(label=_("Valid until"), widget=_day())
    start = forms.DateField(label=_("Possible start"), required=False, widget=_day())
    days = forms.IntegerField(label=_("Working days"), required=False, min_value=1, max_value=3650)
    payment = forms.CharField(
        label=_("Terms of payment"),
        required=False,
        max_length=200,
        help_text=_("For example: 30 % in advance, the rest after acceptance."),
    )
    note = forms.CharField(
        label=_("What the amount covers, and on what it rests"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class QuoteLineForm(forms.Form):
    """One item of an offer."""

    name = forms.CharField(label=_("Item"), required=False, max_length=200)
    amount = forms.DecimalField(
        label=_("Amount"),
        required=False,
        max_digits=14,
        decimal_places=2,
        min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "data-addend": "lines"}),
    )

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or {}
        if entered.get("amount") is not None and not entered.get("name"):
            self.add_error("name", _("Name the item."))
        return entered


MOST_LINES = 20
QuoteLineFormSet = forms.formset_factory(QuoteLineForm, extra=0, max_num=MOST_LINES, absolute_max=40)


def usual_lines() -> Any:
    """The items the trade quotes by, still without amounts, and one empty line."""
    names = [_("Trial run"), _("Materials"), _("Analysis and tests"), _("Waste treatment"), ""]
    return QuoteLineFormSet(prefix="lines", initial=[{"name": str(name)} for name in names])


def more_lines(typed: Mapping[str, str]) -> Any:
    """The lines as they were typed and one more, not checked yet."""
    count = min(int_of(typed.get("lines-TOTAL_FORMS")), MOST_LINES - 1)
    kept = [{name: typed.get(f"lines-{n}-{name}", "") for name in ("name", "amount")} for n in range(count)]
    return QuoteLineFormSet(prefix="lines", initial=[*kept, {}])


def int_of(text: str | None) -> int:
    """A count out of a form; 0 where it is none."""
    return int(text) if text and text.isdecimal() and len(text) < 4 else 0


def add_up(form: QuoteForm, lines: Any) -> bool:
    """Take the sum of the items for the amount where none was typed; False, with an error beside it, if they differ."""
    amounts = [line["amount"] for line in lines.cleaned_data if line.get("amount") is not None]
    typed, total = form.cleaned_data.get("amount"), sum(amounts, Decimal(0))
    if typed is None and not amounts:
        form.add_error("amount", _("Give an amount, or items with their amounts."))
    elif amounts and typed is not None and typed != total:
        form.add_error("amount", _("The items add up to %(total)s.") % {"total": f"{total:,.2f}"})
    else:
        form.cleaned_data["amount"] = total if typed is None else typed
    return not form.errors


def offer_of(form: QuoteForm, lines: Any) -> QuoteInput:
    """The offer as the service takes it; lines without an amount are left out."""
    entered = form.cleaned_data
    items = [
        {"name": line["name"], "amount": str(line["amount"])}
        for line in lines.cleaned_data
        if line.get("amount") is not None
    ]
    return QuoteInput(
        amount=entered["amount"],
        currency=entered["currency"],
        valid_until=entered["valid_until"],
        start=entered["start"],
        days=entered["days"],
        payment=entered["payment"],
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


class RangeForm(forms.Form):
    """The answer to an open condition: one of its values or "no", or the bounds of a range in the condition's unit."""

    condition = forms.IntegerField(min_value=0, max_value=999)
    chosen = forms.CharField(required=False, max_length=200)
    low = forms.FloatField(label=pgettext_lazy("range", "from"), required=False)
    high = forms.FloatField(label=pgettext_lazy("range", "to"), required=False)
    unit = forms.CharField(required=False, max_length=40)
