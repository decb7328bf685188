"""The catalogue teaches synonyms: learned by the hour, kept as rows, so that every process ranks by the same ones.

A zone's office turns one into a name of the vocabulary, which judges from then on, or refuses it.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from matching import catalogue
from matching.engine import Likely
from matching.models import LearnedForm
from zhongshi.accounts.actors import Actor
from zhongshi.core import locks
from zhongshi.core.audit import record
from zhongshi.core.errors import InvalidInput, NotAllowed, StaleTransition
from zhongshi.vocabulary.models import Term, UnknownWord
from zhongshi.vocabulary.words import word_add_name, word_of


def forms_learn() -> int:
    """Learn from the listings of now; returns how many synonyms changed.

    A meaning that stays keeps its time of change, since each change makes every process build its index anew; only
    its counts follow. Two runs at once wait for each other, and the second changes nothing.
    """
    taught = {one.phrase: one for one in catalogue.taught()}
    with transaction.atomic(durable=True):
        locks.hold("learned forms")
        known = {(row.kind, row.form): row for row in LearnedForm.objects.select_for_update(of=("self",))}
        gone = [row.pk for phrase, row in known.items() if phrase not in taught and not row.is_refused]
        fresh = [_row(one) for phrase, one in taught.items() if phrase not in known]
        LearnedForm.objects.filter(pk__in=gone).delete()
        LearnedForm.objects.bulk_create(fresh)
        stayed = [(row, taught[phrase]) for phrase, row in known.items() if phrase in taught]
        changed = sum(_follow(row, one) for row, one in stayed)
    return len(gone) + len(fresh) + changed


def _row(one: Likely) -> LearnedForm:
    kind, form = one.phrase
    return LearnedForm(kind=kind, form=form, value=one.value, listings=one.listings, together=one.together)


def _follow(row: LearnedForm, one: Likely) -> bool:
    """Bring a row up to what is taught now; True if it means something else. A refused one keeps what was refused."""
    if row.value == one.value:
        # `update` leaves `updated_at`, by which processes tell that they must build anew.
        LearnedForm.objects.filter(pk=row.pk).exclude(listings=one.listings, together=one.together).update(
            listings=one.listings, together=one.together
        )
        return False
    if row.is_refused:
        return False
    row.value, row.listings, row.together = one.value, one.listings, one.together
    row.save(update_fields=["value", "listings", "together", "updated_at"])
    return True


def form_adopt(*, actor: Actor, learned: LearnedForm) -> UnknownWord:
    """Make the form a name of the term it probably means; returns the decided word, by which it can be taken back.

    Raises NotAllowed for anyone but a zone's office, InvalidInput where no term has the meaning (any more) or it has
    the name, IllegalTransition where the word was decided about before.
    """
    if not actor.is_zone_admin:
        raise NotAllowed
    meant = Q(name_zh=learned.value) | Q(code=learned.value)
    term = Term.objects.filter(meant, kind=learned.kind).order_by("pk").first()
    if term is None:
        raise InvalidInput(_("The vocabulary has no such term."))
    return word_add_name(actor=actor, word=word_of(learned.form), term=term)


def form_refuse(*, actor: Actor, learned: LearnedForm, is_refused: bool = True) -> None:
    """Say that the two are not the same, or take that back. It ranks no longer, or again, with the next answer.

    Raises NotAllowed for anyone but a zone's office, StaleTransition where somebody else was faster.
    """
    if not actor.is_zone_admin:
        raise NotAllowed
    with transaction.atomic(durable=True):
        row = LearnedForm.objects.select_for_update().filter(pk=learned.pk, is_refused=not is_refused).first()
        if row is None:
            raise StaleTransition
        row.is_refused = is_refused
        row.save(update_fields=["is_refused", "updated_at"])
        action = "learned_refused" if is_refused else "learned_restored"
        record(action, word_of(row.form), actor=actor.user, zone_code=actor.zone.code, note=str(row))
