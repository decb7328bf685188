"""What strangers enter: a registration, or an invitation they accept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhongshi.accounts.enums import OrganizationKind
from zhongshi.accounts.models import Organization, User, Zone
from zhongshi.accounts.places import region_choices
from zhongshi.accounts.services.organizations import REGISTERING_KINDS, OrganizationInput
from zhongshi.accounts.services.registering import RegistrationInput

from .fields import CreditCodeField, check_new_password, email_field, new_password_field

_EXPLAINED = {
    OrganizationKind.ENTERPRISE: _("Enterprise: we look for pilot testing"),
    OrganizationKind.OPERATOR: _("Platform operator: we run pilot lines"),
    OrganizationKind.PROVIDER: _("Resource provider: testing, design, equipment, funding"),
}


class OrganizationForm(forms.Form):
    """What the zone's office checks."""

    name = forms.CharField(
        label=_("Name of the organization"), max_length=200, help_text=_("As on the business licence.")
    )
    credit_code = CreditCodeField()
    region = forms.ChoiceField(label=_("Region"), required=False)
    contact_name = forms.CharField(label=_("Contact"), max_length=100)
    contact_phone = forms.CharField(
        label=_("Telephone"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "tel"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["region"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", "—"), *region_choices()]

    def organization(self, contact_email: str) -> OrganizationInput:
        """What was entered, for the service."""
        names = ("name", "credit_code", "region", "contact_name", "contact_phone")
        return OrganizationInput(**{name: self.cleaned_data[name] for name in names}, contact_email=contact_email)


def organization_form(row: Organization, data: Any = None) -> OrganizationForm:
    """The form for an organization that is there already."""
    names = ("name", "credit_code", "region", "contact_name", "contact_phone")
    return OrganizationForm(data, initial={name: getattr(row, name) for name in names})


class RegisterForm(OrganizationForm):
    """A stranger's organization and account. `website` is a trap for programs: people do not see it."""

    kind = forms.ChoiceField(
        label=_("What you are"),
        choices=[(kind.value, _EXPLAINED[kind]) for kind in REGISTERING_KINDS],
        widget=forms.RadioSelect,
    )
    zone = forms.ModelChoiceField(label=_("High-tech zone"), queryset=Zone.objects.none(), empty_label=None)
    person_name = forms.CharField(
        label=_("Your name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = email_field(help_text=_("You sign in with it. We send a link to confirm it."))
    password = new_password_field()
    consent = forms.BooleanField(
        label=_("I have read how personal data is handled, and agree"),
        error_messages={"required": _("Without your consent we may not keep this data.")},
    )
    website = forms.CharField(required=False, max_length=500)
    # As on the page, so that the list of errors runs down it.
    field_order = ["kind", "name", "credit_code", "zone", "region", "contact_name", "contact_phone", "person_name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = self.fields["zone"]
        assert isinstance(zone, forms.ModelChoiceField)  # noqa: S101 - declared above
        zone.queryset = Zone.objects.all()

    def clean(self) -> dict[str, Any]:
        """Hold the password against its rules and against what else was entered."""
        entered = super().clean() or self.cleaned_data
        email = entered.get("email") or ""
        user = User(username=email, email=email, first_name=entered.get("person_name") or "")
        check_new_password(self, "password", user)
        return entered

    @property
    def is_trapped(self) -> bool:
        """Whether a program filled in what people do not see."""
        return bool(self.cleaned_data["website"])

    def registration(self) -> RegistrationInput:
        """What was entered, for the service."""
        entered = self.cleaned_data
        return RegistrationInput(
            organization=self.organization(entered["email"]),
            language=get_language() or "zh-hans",
            **{name: entered[name] for name in ("kind", "zone", "person_name", "email", "password")},
        )


class AcceptForm(forms.Form):
    """An invited person opens an account."""

    name = forms.CharField(label=_("Your name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = new_password_field()
    consent = forms.BooleanField(
        label=_("I have read how personal data is handled, and agree"),
        error_messages={"required": _("Without your consent we may not keep this data.")},
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        """Hold the password against its rules."""
        entered = super().clean() or self.cleaned_data
        user = User(username=self.email, email=self.email, first_name=entered.get("name") or "")
        check_new_password(self, "password", user)
        return entered
