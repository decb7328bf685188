"""A form of every kind of field, for the page that shows the parts."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SampleForm(forms.Form):
    """Never saved; shown empty, and as it comes back when refused."""

    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("As it stands on the business licence."))
    volume = forms.IntegerField(label=_("Volume (L)"), max_value=500, required=False)
    day = forms.DateField(label=_("Earliest start"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    scale = forms.ChoiceField(
        label=_("Stage"),
        choices=[("lab", _("Laboratory")), ("pilot", _("Pilot test")), ("batch", _("Small batch"))],
        widget=forms.RadioSelect,
    )
    locked = forms.CharField(label=_("Number"), disabled=True, initial="N-2026-0001", required=False)
    remarks = forms.CharField(label=_("Remarks"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    agreed = forms.BooleanField(label=_("I have read the rules"))
