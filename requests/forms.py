"""What a person types when posting a need: the words, and a row for each condition."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhongshi.vocabulary.enums import ConditionKind, Operator
from zhongshi.vocabulary.labels import ConditionLabel, condition_label

from .enums import Visibility
from .records import MAX_CONDITIONS, NUMERIC, WINDOW_KEYS
from .services.reading import MAX_TITLE
from .words import Choices, condition_value, quantity_choices, value_words

PREFIX = "conditions"
YUAN_PER_TEN_THOUSAND = 10_000
OPERATORS_OF_NUMBERS: Choices = [(op.value, op.label) for op in (Operator.COVERS, Operator.OVERLAPS)]
OPERATORS_OF_VALUES: Choices = [
    (op.value, op.label) for op in (Operator.REQUIRE, Operator.EXCLUDE, Operator.NOT_REQUIRED)
]
# A row the assistant suggested: on the sheet only. It is stored, as "accepted", when its owner ticks it.
PROPOSED = "proposed"
_ORIGINS = frozenset({"given", "accepted", PROPOSED})


class NumberField(forms.FloatField):
    """A number as people type it: 1,000 and １０００ and −5 are numbers."""

    widget = forms.TextInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off"}

    def to_python(self, value: Any) -> float | None:  # type: ignore[override]  # the stubs say int
        plain = unicodedata.normalize("NFKC", str(value or "")).replace(",", "").replace("−", "-").strip()
        return super().to_python(plain)


class TextWithNewlines(forms.CharField):
    """A long text. Browsers send CRLF; the reader's places count one character for each line end."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class NeedForm(forms.Form):
    """Title and text, and what goes with them. Whether they suffice is the service's question: drafts may be bare."""

    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=MAX_TITLE,
        help_text=_("What is to be piloted, in one line. Operators see it in their list."),
    )
    text = TextWithNewlines(
        label=_("What you want to pilot"),
        required=False,
        help_text=_(
            "Materials, scale, temperature and pressure, permits, time and budget. Leave recipes out: you can hand "
            "them over after a confidentiality agreement."
        ),
        widget=forms.Textarea(attrs={"rows": 9}),
    )
    region = forms.ChoiceField(label=_("Where you are"), required=False)
    budget = NumberField(label=_("Budget, at most (10,000 yuan)"), required=False, min_value=0)
    visibility = forms.ChoiceField(
        label=_("Who may read the full text"),
        choices=Visibility.choices,
        initial=Visibility.MATCHED,
        widget=forms.RadioSelect,
    )
    brief = forms.FileField(
        label=_("Task brief as a file"),
        required=False,
        help_text=_(
            "Word (.docx), PDF or plain text, at most 10 MB. Only its words are taken; the file itself is not stored."
        ),
        widget=forms.FileInput(attrs={"accept": ".docx,.pdf,.txt"}),
    )
    key = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    saves = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, regions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["region"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", "—"), *regions]

    def clean_budget(self) -> float | None:
        budget: float | None = self.cleaned_data["budget"]
        return None if budget is None else budget * YUAN_PER_TEN_THOUSAND


class ConditionForm(forms.Form):
    """One row. Which fields count depends on the kind; `read` keeps what the reader found, to tell edits apart."""

    kind = forms.ChoiceField(choices=ConditionKind.choices, widget=forms.HiddenInput)
    hard = forms.BooleanField(label=pgettext_lazy("condition", "must"), required=False)
    op = forms.ChoiceField(label=_("How it is met"), choices=Operator.choices, required=False)
    value = forms.CharField(label=_("value"), required=False, max_length=1000)
    quantity = forms.ChoiceField(label=_("quantity"), required=False)
    min = NumberField(label=_("from"), required=False)
    max = NumberField(label=_("to"), required=False)
    unit = forms.CharField(label=_("unit"), required=False, max_length=40)
    earliest_start = forms.CharField(label=_("earliest start"), required=False, max_length=10)
    latest_start = forms.CharField(label=_("latest start"), required=False, max_length=10)
    weeks = NumberField(label=_("weeks"), required=False)
    remove = forms.BooleanField(label=_("remove"), required=False)
    take = forms.BooleanField(label=_("take it up"), required=False)
    read = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.kind_now
        self._offer("op", OPERATORS_OF_NUMBERS if kind in NUMERIC else OPERATORS_OF_VALUES)
        self._offer("quantity", [("", "—"), *quantity_choices()] if kind == ConditionKind.PARAMETER else [])
        self.fields["value"].widget.attrs |= {"list": f"words-{kind}", "autocomplete": "off"}
        self.fields["unit"].widget.attrs |= {"list": "words-unit", "autocomplete": "off"}
        if kind == ConditionKind.START_BY:
            self.fields["value"].widget.attrs |= {"placeholder": "2027-03-31 / P2M"}

    def _offer(self, name: str, choices: Choices) -> None:
        """Offer `choices` and, whatever else the row came with, what it says now."""
        field, now = self.fields[name], str(self[name].value() or "")
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        known = now in {code for code, _label in choices}
        field.choices = choices if known or not now else [*choices, (now, now)]

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or {}
        if entered.get("remove") or self.is_only_proposed:
            # What is not kept need not be right.
            self.errors.clear()
        elif entered.get("kind") == ConditionKind.PARAMETER and not entered.get("quantity"):
            self.add_error("quantity", _("Choose what is measured."))
        return entered

    @property
    def raw(self) -> dict[str, Any]:
        """What the row holds now, as typed."""
        return {name: self[name].value() for name in self.fields}

    @property
    def kind_now(self) -> str:
        return str(self["kind"].value() or "")

    @property
    def original(self) -> dict[str, Any]:
        """The record the reader gave, {} for a row added by hand."""
        return original_of(self.raw)

    @property
    def is_numeric(self) -> bool:
        return self.kind_now in NUMERIC

    @property
    def is_window(self) -> bool:
        return self.kind_now == ConditionKind.WINDOW

    @property
    def is_parameter(self) -> bool:
        return self.kind_now == ConditionKind.PARAMETER

    @property
    def label(self) -> ConditionLabel:
        """The row in words, as far as it can be read now."""
        raw = self.raw
        return condition_label(raw | {name: _number_or_none(raw[name]) for name in ("min", "max", "weeks")})

    @property
    def is_opened(self) -> bool:
        """Whether its fields are shown at once: there is something to fill in or to mend."""
        return (self.is_bound and bool(self.errors)) or not self.label.value

    @property
    def is_by_hand(self) -> bool:
        return not self.original

    @property
    def is_proposed(self) -> bool:
        """Whether the row was suggested, and is no condition unless ticked."""
        return self.original.get("origin") == PROPOSED

    @property
    def is_only_proposed(self) -> bool:
        """Suggested and not ticked: shown, never stored."""
        return self.is_proposed and not self["take"].value()

    @property
    def is_unsure(self) -> bool:
        """Whether the reader asks to have this looked at."""
        return bool(self.original) and self.original["confidence"] < 0.75

    def record(self) -> dict[str, Any]:
        """The condition in the exchange format; the reader's words, place and origin stay with an untouched row."""
        entered, original = self.cleaned_data, self.original
        is_edited = not original or edited(self.raw)
        record: dict[str, Any] = {
            **original.get("extra", {}),
            "kind": entered["kind"],
            "op": entered["op"] or Operator.REQUIRE,
            "hard": entered["hard"],
            "text": original.get("text", ""),
            "origin": "given" if is_edited else "accepted" if self.is_proposed else original["origin"],
        }
        if original.get("span"):
            is_confirmed = is_edited or self.is_proposed
            record |= {"span": original["span"], "confidence": 1.0 if is_confirmed else original["confidence"]}
        return record | self._content(entered, original)

    def _content(self, entered: dict[str, Any], original: dict[str, Any]) -> dict[str, Any]:
        if self.is_window:
            return {name: entered[name] for name in WINDOW_KEYS}
        if self.is_numeric:
            quantity = entered["quantity"] or (entered["kind"] if entered["kind"] != ConditionKind.PARAMETER else "")
            return {"quantity": quantity, "min": entered["min"], "max": entered["max"], "unit": entered["unit"]}
        if original and value_words(entered["kind"], original.get("value")) == entered["value"]:
            return {"value": original.get("value")}
        return {"value": condition_value(entered["kind"], entered["value"])}


BaseConditionFormSet = forms.formset_factory(
    ConditionForm, extra=0, max_num=MAX_CONDITIONS, absolute_max=MAX_CONDITIONS + 40, validate_max=True
)


def row_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of one row for a condition in the exchange format, as text."""
    kind = str(record["kind"])
    row: dict[str, Any] = {
        "kind": kind,
        "hard": bool(record.get("hard")),
        "op": record.get("op") or Operator.REQUIRE,
        "quantity": record.get("quantity") or "",
        "unit": record.get("unit") or "",
        "value": value_words(kind, record.get("value")),
    }
    row |= {name: plain_number(record.get(name)) for name in ("min", "max", "weeks")}
    return row | {name: str(record.get(name) or "") for name in ("earliest_start", "latest_start")}


def row_of_reading(record: Mapping[str, Any]) -> dict[str, Any]:
    """As `row_of`, keeping the record itself so that a later look can tell what was edited."""
    return row_of(record) | {"read": json.dumps(dict(record), ensure_ascii=False)}


def original_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """The reader's record a row came from, in safe shapes whatever the browser sent back; {} for none."""
    try:
        record = json.loads(row.get("read") or "{}")
    except ValueError:
        return {}
    if not isinstance(record, dict) or record.get("kind") not in ConditionKind.values:
        return {}
    return _safe(record)


def _safe(record: dict[str, Any]) -> dict[str, Any]:
    confidence, span = record.get("confidence", 1.0), record.get("span")
    known = {"kind", "value", "quantity", "min", "max", "unit", "op", "hard", *WINDOW_KEYS}
    rest = known | {"text", "span", "confidence", "origin", "extra"}
    return {
        **{name: part for name, part in record.items() if name in known},
        "text": str(record.get("text") or "")[:500],
        "span": span if _is_span(span) else None,
        "confidence": float(confidence) if isinstance(confidence, int | float) and 0 <= confidence <= 1 else 1.0,
        "origin": record["origin"] if record.get("origin") in _ORIGINS else "read",
        "extra": {name: part for name, part in record.items() if name not in rest},
    }


def _is_span(span: Any) -> bool:
    return (
        isinstance(span, list)
        and len(span) == 2
        and all(isinstance(place, int) and not isinstance(place, bool) for place in span)
        and 0 <= span[0] < span[1] < 1_000_000
    )


def edited(row: Mapping[str, Any]) -> bool:
    """Whether a row read from the text no longer says what the reader said."""
    original = original_of(row)
    if not original:
        return True
    before = row_of(original)
    return any(str(row.get(name) or "").strip() != str(before[name] or "") for name in before)


def _number_or_none(typed: Any) -> float | None:
    try:
        number: float | None = NumberField(required=False).clean(typed)
    except forms.ValidationError:
        return None
    return number


def plain_number(number: Any) -> str:
    """5 and not 5.0; empty for none."""
    if number is None or number == "":
        return ""
    return f"{number:.15g}" if isinstance(number, int | float) else str(number)
