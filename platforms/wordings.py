"""The words of every notice this app sends, and of the deeds it writes into the trail."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhongshi.core.deeds import describe
from zhongshi.core.notifications import register

# Event: title, body. Placeholders are the notice's parameters.
_WORDINGS = {
    "certificate.expiring": (
        _("%(qualification)s expires in %(days)s days"),
        _(
            'The certificate "%(qualification)s" of "%(platform)s" is valid until %(day)s. After that day the '
            "qualification counts as unknown until a new certificate is entered."
        ),
    ),
    "certificate.expired": (
        _("%(qualification)s has expired"),
        _(
            'The certificate "%(qualification)s" of "%(platform)s" was valid until %(day)s. The qualification now '
            "counts as unknown until a new certificate is entered."
        ),
    ),
    "listing.published": (
        _("Published: %(name)s"),
        _('The zone office has published "%(name)s" of "%(platform)s".'),
    ),
    "listing.returned": (
        _("Returned: %(name)s"),
        _('The zone office returned "%(name)s" of "%(platform)s". Reason: %(note)s'),
    ),
}

# What each asks of its reader: "action" waits for a deed, "progress" is news, "system" concerns the account. Who gets
# it, and how the settings name it where the title alone would not do.
_KINDS: dict[str, dict[str, Any]] = {
    "certificate.expiring": {"label": _("A certificate is about to expire"), "group": "action", "roles": ["operator"]},
    "certificate.expired": {"label": _("A certificate has expired"), "group": "action", "roles": ["operator"]},
    "listing.published": {"label": _("A listing was published"), "roles": ["operator"]},
    "listing.returned": {"label": _("A listing was returned"), "group": "action", "roles": ["operator"]},
}
_DEEDS = {
    "certificate_entered": _("entered a certificate"),
    "listing_edited": _("edited its listing"),
    "fact_answered": _("answered for its line"),
    "capacity_stated": _("stated weeks of capacity"),
    "feed_opened": _("opened a calendar address"),
    "feed_revoked": _("revoked a calendar address"),
    "import.submitted": _("imported a file"),
    "import.undone": _("undid an import"),
    "import.removed": _("removed it with an import that was undone"),
    "import.restored": _("put it back as before an import"),
}


def register_all() -> None:
    """Give each event its title and body."""
    for event, (title, body) in _WORDINGS.items():
        register(event, title=title, body=body, **_KINDS.get(event, {}))
    describe(_DEEDS)
