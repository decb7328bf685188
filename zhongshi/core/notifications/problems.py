"""Why a delivery failed, in the reader's language. Rows keep English words; a robot's own are shown as they came."""

from django.utils.translation import gettext_lazy as _

_WORDS = {
    "read": _("You had read it before it was due."),
    "no address": _("The account has no e-mail address, or is closed."),
    "gone": _("The robot was removed or is paused."),
    "not https": _("The address does not begin with https://."),
    "not an address": _("This is not an address."),
    "name and password in the address": _("The address holds a user name or a password."),
    "this host is not on the list of allowed hosts": _("This host is not on the list of allowed hosts."),
    "a port other than 443": _("The address names a port; only 443 is called."),
    "this host leads into a private network": _("This host leads into a private network and is not called."),
    "the host's name could not be looked up": _("The host's name could not be looked up."),
    "the answer was too long": _("The answer was too long."),
    "no answer in time": _("No answer came in time."),
    "an answer that is not the robot's": _("The answer was not that of a robot; check the address."),
}


def in_words(problem: str) -> str:
    """The sentence for a problem, else the problem itself."""
    return str(_WORDS.get(problem, problem))
