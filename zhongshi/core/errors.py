"""Refusals of the business, each with the HTTP answer it becomes; services raise them, views translate them."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class DomainError(Exception):
    """A rule of the business says no. `code` is stable for programs, `detail` is for people."""

    code = "refused"
    status = 422
    default_detail: Text = _("This is not possible.")

    def __init__(self, detail: Text | None = None, *, errors: Mapping[str, Sequence[Text]] | None = None) -> None:
        self.detail = detail or self.default_detail
        self.errors = errors
        super().__init__(str(self.detail))


class InvalidInput(DomainError):
    """What was given cannot be used; `errors` names the fields."""

    code = "invalid"
    status = 400
    default_detail = _("Some of what you entered needs attention.")


class IllegalTransition(DomainError):
    """The row's status does not allow this move."""

    code = "illegal_move"
    default_detail = _("This step is not possible in the present state.")


class StaleTransition(DomainError):
    """Somebody else was faster: the row is no longer what the caller saw."""

    code = "lost_race"
    status = 409
    default_detail = _("Somebody else has changed this in the meantime. Please look again.")


class NotAllowed(DomainError):
    """Visible to this person, but not theirs to do."""

    code = "not_allowed"
    status = 403
    default_detail = _("You are not allowed to do this.")


class TooLarge(DomainError):
    """More than the service accepts in one go."""

    code = "too_large"
    status = 413
    default_detail = _("This is too large.")


class KeyReused(DomainError):
    """The same idempotency key came with another body."""

    code = "key_reused"
    default_detail = _("This Idempotency-Key was already used for another need.")


class TooOften(DomainError):
    """More than one organization may do in a day."""

    code = "too_many_requests"
    status = 429
    default_detail = _("Too many attempts. Please wait a while and try again.")
