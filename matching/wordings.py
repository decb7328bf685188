"""The words of every notice this app sends."""

from django.utils.translation import gettext_lazy as _

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
    "need.returned": (
        _("%(number)s was returned for clarification"),
        _('The zone office asks you to clarify the need "%(title)s": %(note)s'),
    ),
}


def register_all() -> None:
    """Give each event its title and body."""
    for event, (title, body) in _WORDINGS.items():
        register(event, title=title, body=body)
