"""The words of every notice this app sends, and of the deeds it writes into the trail."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhongshi.core.deeds import describe
from zhongshi.core.notifications import register

# Event: title, body. Placeholders are the notice's parameters.
_WORDINGS = {
    "need.scored": (
        _("%(number)s: %(count)s capabilities may fit"),
        _('Your need "%(title)s" has been compared with all listings. %(count)s capabilities may fit.'),
    ),
    "match.opened": (
        _("%(number)s: a new possibility"),
        _('"%(capability)s" is new or has changed and may fit your need "%(title)s".'),
    ),
    "match.gone": (
        _("%(number)s: a possibility is gone"),
        _('"%(capability)s" has changed, or its free days have passed, and no longer fits your need "%(title)s".'),
    ),
    "match.proposed": (
        _("%(number)s: %(count)s matches to review"),
        _('The need "%(title)s" has %(count)s matches that wait for your review.'),
    ),
    "match.approved": (
        _("New lead: %(title)s"),
        _('The need "%(title)s" fits your capability "%(capability)s". Please answer within %(hours)s hours.'),
    ),
    "match.rejected": (
        _("%(number)s: a match was rejected"),
        _('The zone office rejected the match with "%(capability)s". Reason: %(note)s'),
    ),
    "match.accepted": (
        _("%(number)s: an operator accepted"),
        _('"%(capability)s" accepts your need "%(title)s" and will send a quote.'),
    ),
    "match.declined": (
        _("%(number)s: an operator declined"),
        _('"%(capability)s" declined your need "%(title)s". Reason: %(reason)s'),
    ),
    "match.asked": (
        _("%(number)s: an operator asks"),
        _('"%(capability)s" asks about your need "%(title)s": %(question)s'),
    ),
    "match.question_answered": (
        _("Answer to your question: %(title)s"),
        _('The enterprise answered your question about "%(title)s": %(answer)s'),
    ),
    "match.quoted": (
        _("%(number)s: a quote has arrived"),
        _('"%(capability)s" quotes %(amount)s %(currency)s for your need "%(title)s".'),
    ),
    "match.chosen": (
        _("You were chosen: %(title)s"),
        _('The enterprise chose "%(capability)s" for "%(title)s". The contacts of both sides are on the page.'),
    ),
    "match.not_chosen": (
        _("Not chosen: %(title)s"),
        _('The enterprise chose another platform for the need "%(title)s". Thank you for your answer.'),
    ),
    "match.unsuited": (
        _("Not a fit this time: %(title)s"),
        _('Thank you for your part in "%(title)s". The enterprise goes on without "%(capability)s": %(reason)s'),
    ),
    "match.inquired": (
        _("%(number)s: the enterprise asks for an offer"),
        _('The enterprise would like an offer of "%(capability)s" for "%(title)s". Please review the match.'),
    ),
    "need.help": (
        _("%(number)s: the enterprise asks for help"),
        _('Matching has not found what "%(title)s" needs. Please look for a platform or advise the enterprise.'),
    ),
    "match.withdrawn": (
        _("Lead withdrawn: %(title)s"),
        _('The need "%(title)s" was changed or withdrawn; your lead "%(capability)s" is closed.'),
    ),
    "match.unfit": (
        _("Lead closed: %(title)s"),
        _('The listing of "%(capability)s" was changed or suspended and no longer fits the need "%(title)s".'),
    ),
    "match.expired": (
        _("Lead expired: %(title)s"),
        _('The time to answer the lead "%(title)s" for "%(capability)s" has run out.'),
    ),
    "match.reminder": (
        _("Lead waits for your answer: %(title)s"),
        _('Please answer the lead "%(title)s" for "%(capability)s" before it expires.'),
    ),
    "agreement.signed": (
        _("%(number)s: an operator signed the confidentiality agreement"),
        _("%(organization)s signed and may read the full text now. Who reads what stands on the need's page."),
    ),
    "agreement.waiting": (
        _("%(number)s: an operator signed and waits for your word"),
        _("%(organization)s signed the confidentiality agreement. Allow or refuse the full text on the need's page."),
    ),
    "agreement.opened": (
        _("%(number)s: the full text is open to you"),
        _("The enterprise lets your organization read its confidential need. Each reading is recorded."),
    ),
    "agreement.refused": (
        _("%(number)s: the full text stays closed"),
        _("The enterprise does not open the full text of its confidential need to your organization."),
    ),
    "agreement.revoked": (
        _("%(number)s: the enterprise ended your access"),
        _("Your organization no longer reads the full text. What was read stays confidential."),
    ),
    "need.returned": (
        _("%(number)s was returned for clarification"),
        _('The zone office asks you to clarify the need "%(title)s": %(note)s'),
    ),
}

# What each asks of its reader: "action" waits for a deed, "progress" is news, "system" concerns the account. Who gets
# it, and how the settings name it where the title alone would not do.
_KINDS: dict[str, dict[str, Any]] = {
    "need.scored": {"label": _("The result of a comparison"), "roles": ["enterprise"]},
    "match.opened": {"label": _("A new possibility for a need"), "roles": ["enterprise"]},
    "match.gone": {"label": _("A possibility is gone"), "roles": ["enterprise"]},
    "match.proposed": {"label": _("Matches to review"), "group": "action", "roles": ["zone_admin"]},
    "match.approved": {"label": _("A new lead"), "group": "action", "roles": ["operator"], "urgent": True},
    "match.rejected": {"label": _("A match was rejected"), "roles": ["enterprise"]},
    "match.accepted": {"label": _("An operator accepted"), "roles": ["enterprise"]},
    "match.declined": {"label": _("An operator declined"), "roles": ["enterprise"]},
    "match.asked": {"label": _("An operator asks"), "group": "action", "roles": ["enterprise"]},
    "match.question_answered": {"label": _("Your question was answered"), "group": "action", "roles": ["operator"]},
    "match.quoted": {"label": _("A quote has arrived"), "group": "action", "roles": ["enterprise"]},
    "match.chosen": {"label": _("You were chosen"), "group": "action", "roles": ["operator"]},
    "match.not_chosen": {"label": _("Another platform was chosen"), "roles": ["operator"]},
    "match.unsuited": {"label": _("The enterprise turned a lead down"), "roles": ["operator"]},
    "match.inquired": {"label": _("An enterprise asks for an offer"), "group": "action", "roles": ["zone_admin"]},
    "need.help": {"label": _("An enterprise asks for help"), "group": "action", "roles": ["zone_admin"]},
    "match.withdrawn": {"label": _("A lead was withdrawn"), "roles": ["operator"]},
    "match.unfit": {"label": _("A lead was closed"), "roles": ["operator"]},
    "match.expired": {"label": _("A lead has expired"), "roles": ["operator"]},
    "match.reminder": {
        "label": _("A lead is about to expire"),
        "group": "action",
        "roles": ["operator"],
        "urgent": True,
    },
    "agreement.signed": {"label": _("An operator signed the agreement"), "roles": ["enterprise"]},
    "agreement.waiting": {
        "label": _("An operator signed and waits for you"),
        "group": "action",
        "roles": ["enterprise"],
    },
    "agreement.opened": {"label": _("A confidential text is open to you"), "roles": ["operator"]},
    "agreement.refused": {"label": _("A confidential text stays closed"), "roles": ["operator"]},
    "agreement.revoked": {"label": _("Access to a confidential text ended"), "roles": ["operator"]},
    "need.returned": {"label": _("A need was returned for clarification"), "group": "action", "roles": ["enterprise"]},
}
_DEEDS = {
    "asked": _("asked a question"),
    "answered": _("answered a question"),
    "contacts_released": _("released the contacts"),
    "rules_saved": _("saved the rules"),
    "learned_refused": _("refused a learned synonym"),
    "learned_restored": _("let a learned synonym rank again"),
    "nominated": _("nominated"),
    "help_asked": _("asked the office for help"),
    "inquired": _("asked for an offer"),
    "dismissed": _("turned the match down"),
}


def register_all() -> None:
    """Give each event its title and body."""
    for event, (title, body) in _WORDINGS.items():
        register(event, title=title, body=body, **_KINDS.get(event, {}))
    describe(_DEEDS)
