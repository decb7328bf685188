"""The words of the mails about accounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhongshi.core import mails


@dataclass(frozen=True, slots=True)
class Letter:
    """Subject and body with named placeholders; `action` is on the button."""

    subject: Promise
    body: Promise
    action: Promise | str = ""


CONFIRM = Letter(
    _("Please confirm your e-mail address"),
    _(
        "Somebody, probably you, has registered %(name)s with this address.\n\n"
        "Please confirm the address. The link works for three days. If it was not you, do nothing: "
        "without the confirmation no account comes into being."
    ),
    _("Confirm the address"),
)
KNOWN = Letter(
    _("You already have an account"),
    _(
        "Somebody, probably you, wanted to register with this address. There is an account for it already.\n\n"
        "Please sign in. If you have forgotten the password, ask for a new one on the sign-in page."
    ),
    _("Sign in"),
)
TAKEN = Letter(
    _("Somebody wants to join %(name)s"),
    _(
        "%(person)s (%(email)s) wanted to register %(name)s with its credit code, and has confirmed the e-mail "
        "address. Your organization takes part already, so nothing was opened.\n\n"
        "If this is a colleague, please send an invitation. If you do not know this person, do nothing."
    ),
    _("Invite a colleague"),
)
INVITED = Letter(
    _("%(inviter)s invites you to %(name)s"),
    _(
        "%(inviter)s invites you to work with %(name)s on the Zhongshi Pilot Cloud.\n\n"
        "The link works once, within seven days."
    ),
    _("Accept the invitation"),
)
RESET = Letter(
    _("A new password"),
    _(
        "Somebody, probably you, has asked for a new password for the account %(username)s.\n\n"
        "The link works once, within an hour. If it was not you, do nothing: the old password stays."
    ),
    _("Choose a new password"),
)
EMAIL = Letter(
    _("Please confirm your new e-mail address"),
    _("The account %(username)s wants to use this address from now on. The link works for one day."),
    _("Confirm the address"),
)
CHANGED = {
    "password": Letter(
        _("Your password was changed"),
        _(
            "The password of the account %(username)s was changed. All other devices were signed out, and programs "
            "need a new token.\n\nIf it was not you, ask for a new password at once and tell the zone's office."
        ),
    ),
    "email": Letter(
        _("Your e-mail address was changed"),
        _("The account %(username)s now uses another e-mail address. If it was not you, tell the zone's office."),
    ),
    "two_step_on": Letter(
        _("One-time codes are switched on"),
        _("Signing in to the account %(username)s now asks for a one-time code as well."),
    ),
    "two_step_off": Letter(
        _("One-time codes are switched off"),
        _(
            "Signing in to the account %(username)s no longer asks for a one-time code.\n\n"
            "If it was not you, change your password at once and tell the zone's office."
        ),
    ),
}


def write(
    letter: Letter, *, to: str, language: str, reference: str, link: str = "", **words: Any
) -> EmailMultiAlternatives:
    """Build one mail in the reader's language. `link` is a path; the same `reference` is the same mail."""
    with translation.override(language):
        subject, body, action = (str(text) % words for text in (letter.subject, letter.body, letter.action))
    return mails.build(
        to=to,
        subject=subject,
        heading=subject,
        body=body,
        link=link,
        action=action,
        language=language,
        reference=reference,
    )
