"""What a password may be, beyond what Django's own validators say."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 128


class LongestPassword:
    """At most 128 characters: hashing is made to be slow, and a megabyte to hash is an attack."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ValidationError for a longer one."""
        if len(password) > LONGEST:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        """Say the bound."""
        return _("At most %(most)s characters.") % {"most": LONGEST}
