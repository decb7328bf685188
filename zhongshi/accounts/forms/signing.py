"""The form of signing in."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from zhongshi.accounts.passwords import LONGEST


class SignInForm(AuthenticationForm):
    """Name and password; the refusal does not say which of the two was wrong."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name or e-mail address")
        self.fields["password"].label = _("Password")
        # No password is longer, and what is longer is not worth the work of hashing it.
        self.fields["password"].validators.append(MaxLengthValidator(LONGEST))
        self.error_messages = {
            "invalid_login": _("User name and password do not fit together."),
            "inactive": _("This account is closed."),
        }

    def clean_username(self) -> str:
        """Names that are addresses are kept in small letters."""
        return sign_in_name(self.cleaned_data["username"])


def sign_in_name(entered: str) -> str:
    """Return the name as it is kept: an e-mail address in small letters, any other name as it was typed."""
    return entered.lower() if "@" in entered else entered
