"""The words of every notice this app sends."""

from django.utils.translation import gettext_lazy as _

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
}


def register_all() -> None:
    """Give each event its title and body."""
    for event, (title, body) in _WORDINGS.items():
        register(event, title=title, body=body)
