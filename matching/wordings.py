"""The words of every notice this app sends."""

from django.utils.translation import gettext_lazy as _

from zhongshi.core.notifications import register


def register_all() -> None:
    """Give each event its title and body; placeholders are the notice's parameters."""
    register(
        "need.scored",
        title=_("%(number)s: %(count)s capabilities may fit"),
        body=_('Your need "%(title)s" has been compared with all listings. %(count)s capabilities may fit.'),
    )
    register(
        "match.proposed",
        title=_("%(number)s: %(count)s matches to review"),
        body=_('The need "%(title)s" has %(count)s matches that wait for your review.'),
    )
    register(
        "match.approved",
        title=_("New lead: %(title)s"),
        body=_('The need "%(title)s" fits your capability "%(capability)s". Please answer within %(hours)s hours.'),
    )
    register(
        "match.rejected",
        title=_("%(number)s: a match was rejected"),
        body=_('The zone office rejected the match with "%(capability)s". Reason: %(note)s'),
    )
    register(
        "match.accepted",
        title=_("%(number)s: an operator accepted"),
        body=_('"%(capability)s" accepts your need "%(title)s" and will send a quote.'),
    )
    register(
        "match.declined",
        title=_("%(number)s: an operator declined"),
        body=_('"%(capability)s" declined your need "%(title)s". Reason: %(reason)s'),
    )
    register(
        "match.asked",
        title=_("%(number)s: an operator asks"),
        body=_('"%(capability)s" asks about your need "%(title)s": %(question)s'),
    )
    register(
        "match.question_answered",
        title=_("Answer to your question: %(title)s"),
        body=_('The enterprise answered your question about "%(title)s": %(answer)s'),
    )
    register(
        "match.quoted",
        title=_("%(number)s: a quote has arrived"),
        body=_('"%(capability)s" quotes %(amount)s %(currency)s for your need "%(title)s".'),
    )
    register(
        "match.chosen",
        title=_("You were chosen: %(title)s"),
        body=_('The enterprise chose "%(capability)s" for "%(title)s". The contacts of both sides are on the page.'),
    )
    register(
        "match.not_chosen",
        title=_("Not chosen: %(title)s"),
        body=_('The enterprise chose another platform for the need "%(title)s". Thank you for your answer.'),
    )
    register(
        "match.withdrawn",
        title=_("Lead withdrawn: %(title)s"),
        body=_('The need "%(title)s" was changed or withdrawn; your lead "%(capability)s" is closed.'),
    )
    register(
        "match.expired",
        title=_("Lead expired: %(title)s"),
        body=_('The time to answer the lead "%(title)s" for "%(capability)s" has run out.'),
    )
    register(
        "match.reminder",
        title=_("Lead waits for your answer: %(title)s"),
        body=_('Please answer the lead "%(title)s" for "%(capability)s" before it expires.'),
    )
    register(
        "need.returned",
        title=_("%(number)s was returned for clarification"),
        body=_('The zone office asks you to clarify the need "%(title)s": %(note)s'),
    )
