"""What an operator types at its desk: weeks of capacity, certificates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platforms.desk.grid import Unit
from platforms.enums import OperatorKind, SlotState
from platforms.models import Platform
from platforms.services.capacity import CLEARED, SlotEntry, weeks_between
from zhongshi.vocabulary.labels import region_label, term_label
from zhongshi.vocabulary.lexicons import current_lexicon

MOST_WEEKS = timedelta(weeks=104)


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class WeeksForm(forms.Form):
    """Weeks of a line or device from one to another, and what they are."""

    unit = forms.ChoiceField(label=_("Line or device"))
    first = forms.DateField(
        label=pgettext_lazy("week", "From week"), widget=_day(), help_text=_("Any day of the week.")
    )
    last = forms.DateField(
        label=pgettext_lazy("week", "To week"), widget=_day(), required=False, help_text=_("Empty: that week only.")
    )
    state = forms.ChoiceField(
        label=pgettext_lazy("capacity", "State"),
        choices=[*SlotState.choices, ("cleared", _("take back what was said"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200, help_text=_("Only you read it."))

    def __init__(self, *args: Any, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._units = {unit.key: unit for unit in units}
        choices = [(unit.key, f"　{unit.name}" if unit.equipment else unit.name) for unit in units]
        self.fields["unit"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or {}
        first, last = entered.get("first"), entered.get("last")
        if first and last and last < first:
            self.add_error("last", _("Lies before the first week."))
        elif first and last and last - first > MOST_WEEKS:
            self.add_error("last", _("At most 104 weeks at once."))
        return entered

    def entries(self) -> list[SlotEntry]:
        """A statement a week."""
        entered, unit = self.cleaned_data, self._units[self.cleaned_data["unit"]]
        state = CLEARED if entered["state"] == "cleared" else entered["state"]
        weeks = weeks_between(entered["first"], entered["last"] or entered["first"])
        return [
            SlotEntry(
                capability=unit.capability,
                equipment=unit.equipment,
                week=week,
                state=state,
                note=entered["note"].strip(),
            )
            for week in weeks
        ]


class TableForm(forms.Form):
    """A table copied from a spreadsheet."""

    table = forms.CharField(
        label=_("Table"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "class": "pasted"}),
        help_text=_(
            "First row: a date of each week. First column: the names as above. "
            "Cells: free, booked, maintenance, reserved; empty leaves a week as it is, — takes it back."
        ),
    )


class CertificateForm(forms.Form):
    """A certificate as its paper says."""

    qualification = forms.ChoiceField(label=_("Qualification"))
    number = forms.CharField(label=_("Number"), max_length=100)
    issuer = forms.CharField(label=_("Issuer"), max_length=200)
    scope = forms.CharField(
        label=_("Scope"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What it covers, as the paper says: products, methods, rooms."),
    )
    valid_from = forms.DateField(label=_("Valid from"), required=False, widget=_day())
    valid_until = forms.DateField(
        label=_("Valid until"), required=False, widget=_day(), help_text=_("Empty where the paper names no end.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = sorted(term_label("qualification", term.value) + "\0" + term.value for term in _qualifications())
        choices = [("", "—"), *((value, label) for label, value in (name.split("\0") for name in names))]
        self.fields["qualification"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or {}
        first, last = entered.get("valid_from"), entered.get("valid_until")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.add_error("valid_until", _("Lies before the first day."))
        return entered


def _qualifications() -> list[Any]:
    return list(current_lexicon().terms("qualification"))


class PlatformForm(forms.Form):
    """A platform's own fields. `seen` says which version the person has before them."""

    name = forms.CharField(label=_("Name"), max_length=300)
    operator_name = forms.CharField(label=_("Operator"), max_length=300)
    operator_kind = forms.ChoiceField(label=_("Kind of operator"), choices=OperatorKind.choices)
    region = forms.ChoiceField(label=_("Region"))
    city = forms.CharField(label=_("City and district"), required=False, max_length=120)
    operating_status = forms.CharField(
        label=_("Operating status"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"placeholder": _("In operation, under construction …")}),
    )
    chains = forms.MultipleChoiceField(
        label=_("Industry chains"), required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "ticks"})
    )
    source_url = forms.URLField(label=_("Web page about it"), required=False, max_length=500, assume_scheme="https")
    is_confirmed = forms.BooleanField(label=_("I vouch for these details."), required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, platform: Platform | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._country = platform.country if platform else ""
        chains = [term.value for term in current_lexicon().terms("chain")]
        stored = [chain for chain in (platform.chains if platform else []) if chain not in chains]
        labels = [(value, term_label("chain", value)) for value in [*chains, *stored]]
        self.fields["chains"].choices = labels  # type: ignore[attr-defined]
        known = [(code, region_label(code)) for code in _places()]
        here = platform.region if platform else ""
        extra = [] if not here or here in dict(known) else [(here, region_label(here))]
        self.fields["region"].choices = [("", "—"), *extra, *known]  # type: ignore[attr-defined]

    def head(self) -> dict[str, Any]:
        """The fields in the exchange format."""
        entered = self.cleaned_data
        return {
            "name": entered["name"],
            "operator": entered["operator_name"],
            "operator_kind": entered["operator_kind"],
            "country": "CN" if entered["region"].isdecimal() else self._country,
            "region": entered["region"],
            "city": entered["city"],
            "chains": entered["chains"],
            "status": entered["operating_status"],
        }


def head_of(platform: Platform) -> dict[str, Any]:
    """What is stored, for the form."""
    names = ("name", "operator_name", "operator_kind", "region", "city", "operating_status", "chains", "source_url")
    return {name: getattr(platform, name) for name in names} | {"is_confirmed": platform.is_confirmed}


def _places() -> list[str]:
    """Provinces and cities by their codes."""
    return sorted(term.code for term in current_lexicon().terms("region") if term.code.isdecimal())
