"""App `requests`, and the guard for its name."""

from functools import partial

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RequestsConfig(AppConfig):
    name = "requests"

    def ready(self) -> None:
        """Tell DRF that the HTTP library `requests` is not here.

        ``rest_framework.compat`` tries ``import requests``, finds this app, and ``rest_framework.test`` (which
        drf-spectacular imports at run time) then asks it for urllib3. Server and tests both pass here.
        """
        import rest_framework.compat  # noqa: PLC0415 - app ready

        rest_framework.compat.requests = None  # type: ignore[assignment]
        _follow_the_vocabulary()
        _count_needs()


def _follow_the_vocabulary() -> None:
    from zhongshi.core import notifications, outbox  # noqa: PLC0415 - app ready

    outbox.subscribe("need.opened", "requests.services.words.need_words_note")
    outbox.subscribe("vocabulary.changed", "requests.services.rereading.needs_reread")
    outbox.subscribe("needs.stale", "requests.services.rereading.needs_reread")
    notifications.register(
        "need.readable",
        title=_("%(number)s: more can be read now"),
        body=_('"%(word)s" is in the vocabulary now. Read "%(title)s" again to take it up among its conditions.'),
    )


def _count_needs() -> None:
    from zhongshi.core import metrics  # noqa: PLC0415 - app ready

    from .enums import NeedStatus  # noqa: PLC0415 - app ready
    from .models import Need  # noqa: PLC0415 - app ready

    needs = partial(metrics.by_value, Need, "status", NeedStatus.values)
    metrics.gauge("zhongshi_needs", "Needs by status.", needs, label="status")
