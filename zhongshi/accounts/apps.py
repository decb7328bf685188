"""App `accounts`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "zhongshi.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Give the notices their words, have mails written by workers, and sessions noted when they begin."""
        from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415 - app ready

        from zhongshi.core import outbox, retention  # noqa: PLC0415 - app ready

        from . import checks, middleware, wordings  # noqa: F401, PLC0415 - app ready
        from .services import mailing, sessions  # noqa: PLC0415 - app ready

        wordings.register_all()
        retention.rule("tokens", "API_TOKEN_DAYS", sessions.tokens_before)
        mail = "zhongshi.accounts.services.mailing.mail_deliver"
        words = _("Send a mail about an account")
        outbox.subscribe(mailing.TOPIC, mail, queue=outbox.OUTSIDE_QUEUE, words=words)
        user_logged_in.connect(middleware.trace_sign_in, dispatch_uid="accounts.trace_sign_in")
