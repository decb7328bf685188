"""The catalogue teaches synonyms: learned by the hour, kept as rows, so that every process ranks by the same ones."""

from __future__ import annotations

from django.db import transaction

from matching import catalogue
from matching.engine import Likely
from matching.models import LearnedForm
from zhongshi.core import locks


def forms_learn() -> int:
    """Learn from the listings of now; returns how many synonyms changed.

    Unchanged rows are not touched: each change makes every process build its index anew. Two runs at once wait for
    each other, and the second changes nothing.
    """
    taught = {one.phrase: one for one in catalogue.taught()}
    with transaction.atomic(durable=True):
        locks.hold("learned forms")
        known = {(row.kind, row.form): row for row in LearnedForm.objects.select_for_update(of=("self",))}
        gone = [row.pk for phrase, row in known.items() if phrase not in taught and not row.is_refused]
        fresh = [_row(one) for phrase, one in taught.items() if phrase not in known]
        LearnedForm.objects.filter(pk__in=gone).delete()
        LearnedForm.objects.bulk_create(fresh)
        changed = [row for phrase, row in known.items() if phrase in taught and _differs(row, taught[phrase])]
        for row in changed:
            one = taught[row.kind, row.form]
            row.value, row.listings, row.together = one.value, one.listings, one.together
            row.save(update_fields=["value", "listings", "together", "updated_at"])
    return len(gone) + len(fresh) + len(changed)


def _row(one: Likely) -> LearnedForm:
    kind, form = one.phrase
    return LearnedForm(kind=kind, form=form, value=one.value, listings=one.listings, together=one.together)


def _differs(row: LearnedForm, one: Likely) -> bool:
    return row.value != one.value and not row.is_refused
