"""The words of every notice this app sends, and of the deeds it writes into the trail."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhongshi.core.deeds import describe
from zhongshi.core.notifications import register

_MEMBERS = ["enterprise", "operator", "provider"]
# Title and body, with the notice's parameters as placeholders; what it asks of whom, and its name in the settings.
_EVENTS: dict[str, dict[str, Any]] = {
    "organization.submitted": {
        "title": _("Registration to check: %(name)s"),
        "body": _("%(name)s has registered in your zone and waits for your decision."),
        "label": _("A registration to check"),
        "group": "action",
        "roles": ["zone_admin"],
    },
    "organization.approved": {
        "title": _("%(name)s is approved"),
        "body": _("The zone's office has approved %(name)s. You can now submit needs and listings. %(note)s"),
        "label": _("Your organization is approved"),
        "group": "system",
        "roles": _MEMBERS,
    },
    "organization.returned": {
        "title": _("%(name)s: the registration needs a correction"),
        "body": _("The zone's office has returned the registration of %(name)s. Reason: %(note)s"),
        "label": _("Your registration needs a correction"),
        "group": "action",
        "roles": _MEMBERS,
    },
    "organization.suspended": {
        "title": _("%(name)s is suspended"),
        "body": _(
            "The zone's office has suspended %(name)s. Nothing can be submitted or published now. Reason: %(note)s"
        ),
        "label": _("Your organization is suspended"),
        "group": "action",
        "roles": _MEMBERS,
    },
    "member.joined": {
        "title": _("%(person)s has joined %(name)s"),
        "body": _("%(person)s has accepted the invitation and now works with %(name)s."),
        "label": _("A colleague has joined"),
        "group": "system",
    },
}
_DEEDS = {
    "registered": _("registered"),
    "joined": _("joined the organization"),
    "opened_by_gateway": _("opened by the sign-in gateway"),
    "account_erased": _("deleted an account"),
    "data_exported": _("took a copy of the own data"),
    "contact_consent_withdrawn": _("took back the consent to passing on contacts"),
    "token_revoked": _("revoked the token of programs"),
}


def register_all() -> None:
    """Give each event its words."""
    for event, kind in _EVENTS.items():
        register(event, **kind)
    describe(_DEEDS)
