"""What the zone's office types about a campaign."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhongshi.vocabulary.enums import TermKind
from zhongshi.vocabulary.labels import term_label
from zhongshi.vocabulary.models import Term

from .models import Campaign
from .services.campaigns import CampaignInput

_FIELDS = ("title", "title_en", "text", "text_en", "chains", "opens_on", "closes_on", "is_public")


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CampaignForm(forms.Form):
    """A campaign in both languages, with its days and chains."""

    title = forms.CharField(label=_("Title"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    text = forms.CharField(label=_("What is wanted"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6}))
    text_en = forms.CharField(
        label=_("What is wanted, in English"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    opens_on = forms.DateField(label=_("First day"), widget=_day())
    closes_on = forms.DateField(label=_("Last day"), widget=_day())
    chains = forms.MultipleChoiceField(label=_("Industry chains"), required=False, widget=forms.CheckboxSelectMultiple)
    is_public = forms.BooleanField(label=_("Show on the public list"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = Term.objects.filter(kind=TermKind.CHAIN).order_by("pk").values_list("name_zh", flat=True)
        self.fields["chains"].choices = [  # type: ignore[attr-defined]
            (name, term_label(TermKind.CHAIN, name)) for name in names
        ]

    def entered(self) -> CampaignInput:
        """What the service takes; after `is_valid`."""
        return CampaignInput(**{name: self.cleaned_data[name] for name in _FIELDS})


def first_values(campaign: Campaign | None) -> dict[str, Any]:
    """What the form begins with."""
    return {name: getattr(campaign, name) for name in _FIELDS} if campaign else {"is_public": True}
