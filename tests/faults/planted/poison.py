"""A need that kills whoever scores it: what a bug in a C library or the memory killer does."""

import os
import signal

from matching.services.scoring import need_score as score
from requests.models import Need
from zhongshi.core.models import OutboxEvent

MARK = "毒"


def need_score(*, event: OutboxEvent, need_id: int, revision: int) -> None:
    """Score the need, or die at once where its title bears the mark. Outbox handler."""
    if Need.objects.filter(pk=need_id, title__startswith=MARK).exists():
        os.kill(os.getpid(), signal.SIGKILL)
    score(event=event, need_id=need_id, revision=revision)
