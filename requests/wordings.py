"""The words of this app's notices and deeds."""

from django.utils.translation import gettext_lazy as _

from zhongshi.core.deeds import describe
from zhongshi.core.notifications import register

_DEEDS = {
    "edited": _("edited by the zone office"),
    "deleted": _("deleted a draft"),
    "terms_saved": _("changed the terms of confidentiality"),
    "signed": _("signed the confidentiality agreement"),
    "agreement_text_saved": _("put a text of the agreement in force"),
    "reading_reason": _("gave a reason for reading"),
    "disclosed": _("read a confidential need"),
    "campaign_saved": _("saved the campaign"),
    "campaign_joined": _("put into a campaign"),
    "campaign_left": _("taken out of a campaign"),
}


def register_all() -> None:
    """Give each event its title and body, and each deed its words."""
    register(
        "need.readable",
        title=_("%(number)s: more can be read now"),
        body=_('"%(word)s" is in the vocabulary now. Read "%(title)s" again to take it up among its conditions.'),
        roles=["enterprise"],
    )
    describe(_DEEDS)
