"""Unknown words: how they are counted, and what a zone's office decides about them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from zhongshi.accounts.actors import Actor
from zhongshi.core import locks, outbox
from zhongshi.core.errors import InvalidInput, NotAllowed
from zhongshi.core.transitions import advance

from .candidates import Candidate
from .enums import TermKind, WordStatus
from .models import Sighting, Synonym, Term, UnknownWord
from .reading.normalise import form_key

Source = Literal["need", "listing"]
# The other kinds carry codes other records rely on, or are read by their own patterns.
ADDABLE_KINDS = (TermKind.PROCESS, TermKind.MATERIAL, TermKind.SERVICE, TermKind.HAZARD)
NAMEABLE_KINDS = (*ADDABLE_KINDS, TermKind.QUALIFICATION, TermKind.CHAIN, TermKind.STAGE, TermKind.REGION)
_SOURCE_NAME = "unknown words"


def words_note(
    words: Iterable[Candidate], *, source: Source, key: str, zone_code: str = "", listed_only: bool = False
) -> int:
    """Count words met in one need or listing (`key`: its public id); returns how many were new to it.

    In the caller's transaction. Each pair of word and source counts once, however often and by however many workers
    it is read. `zone_code` says whose office may see the word because of this source; empty for public sources.
    `listed_only` counts words only that published listings use already, and leaves no other trace.
    """
    by_form = {item.folded[:120]: item.word[:120] for item in words}
    rows = UnknownWord.objects.filter(folded__in=by_form)
    if not listed_only:
        missing = sorted(set(by_form) - set(rows.values_list("folded", flat=True)))
        fresh = [UnknownWord(word=by_form[form], folded=form, status=WordStatus.OPEN) for form in missing]
        UnknownWord.objects.bulk_create(fresh, ignore_conflicts=True)
    locked = rows.select_for_update(of=("self",), no_key=True).order_by("pk")
    known = list(locked.filter(seen_in_listings__gt=0) if listed_only else locked)
    # Under the rows' locks nobody else counts these words: looking and inserting is one step.
    marks = {_mark(word, source, key): word for word in known}
    old = set(Sighting.objects.filter(mark__in=marks).values_list("mark", flat=True))
    new = {mark: word for mark, word in marks.items() if mark not in old}
    Sighting.objects.bulk_create(
        Sighting(word=word, mark=mark, zone_code=zone_code) for mark, word in sorted(new.items())
    )
    if not new:
        return 0
    column = "seen_in_needs" if source == "need" else "seen_in_listings"
    seen = UnknownWord.objects.filter(pk__in=[word.pk for word in new.values()])
    return seen.update(**{column: F(column) + 1, "last_seen_at": timezone.now()})


def _mark(word: UnknownWord, source: Source, key: str) -> str:
    return salted_hmac("vocabulary.sighting", f"{word.pk}:{source}:{key}", algorithm="sha256").hexdigest()[:32]


def word_of(form: str) -> UnknownWord:
    """The unknown word of this form, counted nowhere yet where it is new."""
    word, _is_new = UnknownWord.objects.get_or_create(
        folded=form_key(form)[:120], defaults={"word": form[:120], "status": WordStatus.OPEN}
    )
    return word


def word_add_name(*, actor: Actor, word: UnknownWord, term: Term) -> UnknownWord:
    """Make the word another name of `term`; matching uses it from now on.

    Raises NotAllowed for anyone but a zone's office, InvalidInput where the term has that name, IllegalTransition or
    StaleTransition where somebody else was faster.
    """
    _check(actor)
    if term.kind not in NAMEABLE_KINDS:
        raise InvalidInput(errors={"term": [_("Terms of this kind have no other names.")]})
    with transaction.atomic(durable=True):
        locks.hold("vocabulary")
        advance(word, WordStatus.ADDED, **_decision(actor), term=term, note=f"= {term.name_zh}")
        if term.name_zh == word.word or term.synonyms.filter(form=word.word).exists():
            raise InvalidInput(errors={"term": [_("The term has this name already.")]})
        synonym = Synonym.objects.create(
            term=term, form=word.word, language=_language(word.word), source=_SOURCE_NAME, is_edited=True
        )
        _keep(word, synonym=synonym)
        _report(word)
    return word


def word_add_term(
    *, actor: Actor, word: UnknownWord, kind: str, name_en: str = "", parent: Term | None = None
) -> UnknownWord:
    """Make the word a term of its own, below `parent` where one is given. Raises as `word_add_name`."""
    _check(actor)
    if kind not in ADDABLE_KINDS:
        raise InvalidInput(errors={"kind": [_("Choose what the word names.")]})
    if parent is not None and parent.kind != kind:
        raise InvalidInput(errors={"parent": [_("The broader term is of another kind.")]})
    with transaction.atomic(durable=True):
        locks.hold("vocabulary")
        advance(word, WordStatus.ADDED, **_decision(actor), note=f"+ {TermKind(kind).label}")
        if not Term.objects.exists():
            # Until the tables are filled the files are read; one term of our own would put all others out of use.
            raise InvalidInput(_("The vocabulary is not loaded yet: manage.py load_vocabulary."))
        if Term.objects.filter(kind=kind, name_zh=word.word).exists():
            raise InvalidInput(errors={"kind": [_("There is a term with this name already.")]})
        # What a family has in common (its hazards, what it is near to) holds for the new member as well.
        attributes = dict(parent.attributes) if parent else {}
        term = Term.objects.create(
            kind=kind,
            code=f"own-{word.uuid}",
            name_zh=word.word,
            name_en=name_en.strip()[:120],
            parent=parent.code if parent else "",
            attributes={name: attributes[name] for name in ("family", "chain") if name in attributes},
            source=_SOURCE_NAME,
            is_edited=True,
        )
        _keep(word, term=term)
        _report(word)
    return word


def word_dismiss(*, actor: Actor, word: UnknownWord) -> UnknownWord:
    """Say that the word means nothing here; it stays out of the list however often it is met again."""
    _check(actor)
    with transaction.atomic(durable=True):
        advance(word, WordStatus.DISMISSED, **_decision(actor))
    return word


def word_undo(*, actor: Actor, word: UnknownWord) -> UnknownWord:
    """Take a decision back: the word is open again, and what the decision made is gone.

    Raises NotAllowed for another zone's decision, InvalidInput where others have built on the new term since.
    """
    _check(actor)
    if word.decided_zone != actor.zone.code:
        raise NotAllowed(_("Only the office that decided can take it back."))
    with transaction.atomic(durable=True):
        locks.hold("vocabulary")
        term, synonym, was_added = word.term, word.synonym, word.status == WordStatus.ADDED
        open_again: dict[str, Any] = {"term": None, "synonym": None, "decided_by": None}
        advance(word, WordStatus.OPEN, actor=actor.user, zone_code=actor.zone.code, decided_zone="", **open_again)
        if synonym is not None:
            synonym.delete()
        elif term is not None and was_added:
            _take_out(term)
        if was_added:
            _report(word)
    return word


def _take_out(term: Term) -> None:
    if term.synonyms.exists() or Term.objects.filter(kind=term.kind, parent=term.code).exists():
        raise InvalidInput(_("The new term has other names or narrower terms by now. Take these out first."))
    term.delete()


def _check(actor: Actor) -> None:
    if not actor.is_zone_admin:
        raise NotAllowed


def _decision(actor: Actor) -> dict[str, Any]:
    return {
        "actor": actor.user,
        "zone_code": actor.zone.code,
        "decided_by": actor.user,
        "decided_zone": actor.zone.code,
    }


def _keep(word: UnknownWord, **made: Term | Synonym) -> None:
    for name, row in made.items():
        setattr(word, name, row)
    word.save(update_fields=list(made))


def _language(form: str) -> str:
    return "en" if form.isascii() else "zh"


def _report(word: UnknownWord) -> None:
    at = word.status_changed_at.isoformat() if word.status_changed_at else ""
    vocabulary_report(forms=[word.word, word.folded], key=f"word:{word.uuid}:{at}")


def vocabulary_report(*, forms: Iterable[str], key: str) -> None:
    """Tell whoever stored readings that these forms mean something else now; in the caller's transaction."""
    written = {variant for form in forms for variant in (form, form.replace(" ", "-")) if variant.strip()}
    outbox.emit("vocabulary.changed", key=key, forms=sorted(written))
