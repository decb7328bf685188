"""Words of open needs that the vocabulary does not know are counted for its editors, under the need's own secrecy."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from requests.enums import NeedStatus, Visibility
from requests.models import Need
from zhongshi.core import outbox
from zhongshi.core.models import OutboxEvent
from zhongshi.vocabulary.candidates import Candidate, unknown_candidates
from zhongshi.vocabulary.lexicons import current_lexicon
from zhongshi.vocabulary.reading import read_need
from zhongshi.vocabulary.words import words_note


def need_words_note(*, event: OutboxEvent, need_id: int, revision: int) -> None:
    """Count the unknown words of one revision of a need. Outbox handler; may run twice, late, or beside itself.

    A need may be a trade secret, and one strange word can give it away. So: a draft is never read here. A public
    need's words may be seen by every zone's office; those of a need for matched operators only by the office of its
    own zone, which may read the need itself. A need under a confidentiality agreement shows nothing to anybody: it
    only raises the count of words that published listings use already. No row says which need a word came from.
    """
    assert event.lease_token is not None  # noqa: S101 - a claimed event has one
    need = Need.objects.select_related("zone").get(pk=need_id)
    words: tuple[Candidate, ...] = ()
    if need.status == NeedStatus.OPEN and need.revision == revision:
        words = _unknown(need)
    with transaction.atomic(durable=True):
        words_note(
            words,
            source="need",
            key=str(need.uuid),
            zone_code="" if need.visibility == Visibility.PUBLIC else need.zone.code,
            listed_only=need.visibility == Visibility.NDA,
        )
        outbox.finish(event.pk, event.lease_token)


def _unknown(need: Need) -> tuple[Candidate, ...]:
    lexicon = current_lexicon()
    reading = read_need(need.title, need.text, lexicon, today=timezone.localdate())
    return unknown_candidates(f"{need.title}\n{need.text}", lexicon, unread=reading.unread)
