"""Forms about one's own data: confirmed with the password, or by who has none with the name to sign in with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from zhongshi.accounts.models import User

from .fields import PresentPasswordForm


class ConfirmForm(PresentPasswordForm):
    """That it is really the owner of the account; people of a gateway have no password here."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        if not user.has_usable_password():
            del self.fields["password"]
            self.fields["username"] = forms.CharField(
                label=_("Your user name"),
                max_length=150,
                help_text=_("Type it to confirm."),
                widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off"}),
            )

    def clean_username(self) -> str:
        """Refuse another one."""
        entered: str = self.cleaned_data["username"]
        if entered.strip() != self.user.get_username():
            raise ValidationError(_("This is not your user name."))
        return entered


class EraseForm(ConfirmForm):
    """The same, and that what goes is understood."""

    is_understood = forms.BooleanField(label=_("I understand that this cannot be undone."))
    field_order = ["is_understood", "password", "username"]
