"""App `requests`, and the guard for its name.

DRF's compat module tries ``import requests``, finds this app, and ``rest_framework.test`` (which drf-spectacular
imports at run time) then asks it for urllib3. So DRF is told that the HTTP library is not here, as soon as this file
is loaded: before any app is ready, hence before anything of DRF is imported. Server and tests both pass here.
"""

from functools import partial

import rest_framework.compat
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

rest_framework.compat.requests = None  # type: ignore[assignment]


class RequestsConfig(AppConfig):
    name = "requests"

    def ready(self) -> None:
        """Follow the vocabulary, and be counted."""
        _follow_the_vocabulary()
        _count_needs()


def _follow_the_vocabulary() -> None:
    from zhongshi.accounts.services import erasing  # noqa: PLC0415 - app ready
    from zhongshi.core import deadletters, outbox, retention  # noqa: PLC0415 - app ready

    from . import wordings  # noqa: PLC0415 - app ready
    from .services import standing  # noqa: PLC0415 - app ready

    outbox.subscribe(
        "need.opened", "requests.services.words.need_words_note", words=_("Note the unknown words of a need")
    )
    reread = _("Read needs anew after a change of the vocabulary")
    outbox.subscribe("vocabulary.changed", "requests.services.rereading.needs_reread", words=reread)
    outbox.subscribe("needs.stale", "requests.services.rereading.needs_reread", words=reread)
    ending = _("End the needs of a closed organization")
    outbox.subscribe("organization.standing", "requests.services.standing.needs_end", words=ending)
    erasing.also("requests.services.standing.drafts_forget")
    retention.rule("drafts", "DRAFT_KEEP_DAYS", standing.drafts_before, standing.drafts_delete)
    deadletters.things_are(need_id="requests.Need")
    wordings.register_all()


def _count_needs() -> None:
    from zhongshi.core import metrics  # noqa: PLC0415 - app ready

    from .enums import NeedStatus  # noqa: PLC0415 - app ready
    from .models import Need  # noqa: PLC0415 - app ready

    needs = partial(metrics.by_value, Need, "status", NeedStatus.values)
    metrics.gauge("zhongshi_needs", "Needs by status.", needs, label="status")
