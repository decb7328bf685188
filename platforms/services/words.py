"""Words of published listings that the vocabulary does not know, and listings read anew once it knows them."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q

from platforms.enums import FactKind, FactSource
from platforms.models import Capability, Fact, Platform
from platforms.selectors import capability_record, platform_head
from zhongshi.core import outbox
from zhongshi.core.models import OutboxEvent
from zhongshi.vocabulary.candidates import unknown_candidates
from zhongshi.vocabulary.lexicons import current_lexicon
from zhongshi.vocabulary.words import words_note

from .listings import read_facts, touch

PLATFORMS_AT_ONCE = 50


def listing_words_note(*, event: OutboxEvent, platform_id: int, version: int) -> None:
    """Count the unknown words of a platform's published capabilities. Outbox handler; may run twice, late, or beside.

    One short transaction a capability: the words' rows are locked in one order within each, so no two wait in a ring.
    """
    assert event.lease_token is not None  # noqa: S101 - a claimed event has one
    lexicon = current_lexicon()
    for row in Capability.objects.published().filter(platform=platform_id, version=version).order_by("pk"):
        if words := unknown_candidates(f"{row.name}\n{row.summary}", lexicon):
            with transaction.atomic(durable=True):
                words_note(words, source="listing", key=str(row.uuid))
    with transaction.atomic(durable=True):
        outbox.finish(event.pk, event.lease_token)


def listings_reread(*, event: OutboxEvent, forms: list[str], after: int = 0) -> None:
    """Read again the listings that hold one of `forms`, because these mean something else now. Outbox handler.

    What was read from a listing's words is stored with it, so nothing else would bring it up to the vocabulary. Fifty
    platforms an event, one transaction each; the rest is owed anew. A platform where nothing changes stays as it is.
    """
    assert event.lease_token is not None  # noqa: S101 - a claimed event has one
    held = Capability.objects.filter(_holds(forms)).values("platform")
    platforms = Platform.objects.filter(pk__in=held, pk__gt=after).order_by("pk")
    batch = list(platforms.values_list("pk", flat=True)[:PLATFORMS_AT_ONCE])
    for pk in batch:
        with transaction.atomic(durable=True):
            _platform_reread(pk, forms)
    with transaction.atomic(durable=True):
        if len(batch) == PLATFORMS_AT_ONCE:
            key = f"{event.key.partition('>')[0]}>{batch[-1]}"
            outbox.emit("listings.stale", key=key, forms=forms, after=batch[-1])
        outbox.finish(event.pk, event.lease_token)


def _holds(forms: Collection[str]) -> Q:
    """Capabilities with one of the forms in their own words or beside a declared amount: all that is read."""
    amounts = Fact.objects.filter(_says(forms, "text"), source=FactSource.DECLARED, kind=FactKind.PARAMETER)
    # A subquery and no join: it runs once, however many facts there are.
    return _says(forms, "name", "summary") | Q(pk__in=amounts.values("capability"))


def _says(forms: Collection[str], *columns: str) -> Q:
    # Chinese has no capitals, and without folding them the search is five times as fast.
    lookups = {form: "contains" if form.upper() == form.lower() else "icontains" for form in forms}
    return Q(*(Q(**{f"{name}__{lookups[form]}": form}) for form in forms for name in columns), _connector=Q.OR)


def _platform_reread(pk: int, forms: Collection[str]) -> None:
    # Locked as `platform_load` locks it: whoever comes second reads what the first one wrote.
    platform = Platform.objects.select_for_update(of=("self",)).get(pk=pk)
    rows = Capability.objects.filter(_holds(forms), platform=platform).order_by("pk")
    changed = [row for row in rows if _facts_reread(platform, row)]
    if changed:
        touch(platform)


def _facts_reread(platform: Platform, row: Capability) -> bool:
    """Put what is read now in place of what was; True if it differs. Declared facts and answers stay."""
    facts = list(row.facts.all())
    old = [fact for fact in facts if fact.source == FactSource.READ]
    new = read_facts(row, platform_head(platform), capability_record(row, facts))
    if [_content(fact) for fact in old] == [_content(fact) for fact in new]:
        return False
    row.facts.filter(source=FactSource.READ).delete()
    first = sum(fact.source == FactSource.DECLARED for fact in facts)
    for position, fact in enumerate(new, start=first):
        fact.position, fact.source_date = position, platform.source_date
    Fact.objects.bulk_create(new)
    return True


def _content(fact: Fact) -> tuple[object, ...]:
    amount = (fact.quantity, fact.low, fact.high, fact.unit, fact.count)
    return (fact.kind, fact.value, *amount, fact.text, fact.is_negated, fact.confidence)
