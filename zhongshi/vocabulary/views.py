"""The zone office's pages for words nobody listed: see them by count, give them a meaning or none, take it back."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.frame import listed, show, workspace_page
from zhongshi.core.errors import DomainError, IllegalTransition, InvalidInput, StaleTransition

from .candidates import is_known, similar_forms
from .enums import WordStatus
from .forms import NameForm, TermForm
from .lexicons import current_lexicon
from .models import Synonym, Term, UnknownWord
from .reading.normalise import form_key
from .words import ADDABLE_KINDS, NAMEABLE_KINDS, word_add_name, word_add_term, word_dismiss, word_undo

_TERMS_SHOWN = 12
_MOST_TICKED = 100


@workspace_page(Role.ZONE_ADMIN)
def word_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Words by how often they were met: those to be decided, or the decided ones, newest decision first.

    Posted, it dismisses the words that are ticked.
    """
    if request.method == "POST":
        return _dismissed(request, actor)
    chosen = request.GET.get("status", WordStatus.OPEN)
    chosen = chosen if chosen in WordStatus.values else WordStatus.OPEN
    sought = request.GET.get("q", "").strip()[:100]
    mine = UnknownWord.objects.visible_to(actor)
    rows = mine.filter(status=chosen)
    if sought:
        rows = rows.filter(Q(folded__icontains=form_key(sought)) | Q(word__icontains=sought))
    is_open = chosen == WordStatus.OPEN
    rows = rows.by_count() if is_open else rows.order_by(F("status_changed_at").desc(nulls_last=True), "pk")
    context = listed(request, rows.select_related("term", "synonym", "decided_by"))
    tabs = [(status.value, status.label, mine.filter(status=status).count()) for status in WordStatus]
    context |= {"tabs": tabs, "chosen": chosen, "is_open": is_open, "sought": sought}
    return show(request, "vocabulary/words.html", context | {"decided": _just_decided(request, actor)})


def _dismissed(request: HttpRequest, actor: Actor) -> HttpResponse:
    ticked = [wanted for wanted in request.POST.getlist("word")[:_MOST_TICKED] if _is_uuid(wanted)]
    number = 0
    for word in UnknownWord.objects.visible_to(actor).filter(uuid__in=ticked).order_by("pk"):
        # Somebody else may have decided about one of them meanwhile; the others are dismissed all the same.
        with suppress(IllegalTransition, StaleTransition):
            word_dismiss(actor=actor, word=word)
            number += 1
    if number:
        said = ngettext("%(number)s word is dismissed.", "%(number)s words are dismissed.", number)
        messages.success(request, said % {"number": number})
    else:
        messages.warning(request, _("Tick the words to dismiss first."))
    kept = {name: request.POST[name] for name in ("q", "page") if request.POST.get(name)}
    return redirect(f"{reverse('words:list')}?{urlencode(kept)}".rstrip("?"))


def _is_uuid(text: str) -> bool:
    with suppress(ValueError):
        return bool(UUID(text))
    return False


def _just_decided(request: HttpRequest, actor: Actor) -> UnknownWord | None:
    """The word the last click was about, so that it can be taken back at once."""
    wanted = request.GET.get("done", "")
    if not _is_uuid(wanted):
        return None
    rows = UnknownWord.objects.visible_to(actor).filter(decided_zone=actor.zone.code).select_related("term", "synonym")
    return rows.filter(uuid=wanted).exclude(status=WordStatus.OPEN).first()


@workspace_page(Role.ZONE_ADMIN)
def word_page(request: HttpRequest, actor: Actor, word_id: UUID) -> HttpResponse:
    """One word with the terms it might be a name of, and the decision."""
    rows = UnknownWord.objects.visible_to(actor).select_related("term", "synonym", "decided_by")
    word = get_object_or_404(rows, uuid=word_id)
    if request.method != "POST":
        return _page(request, actor, word)
    try:
        return _decided(request, actor, word)
    except DomainError as refusal:
        # Shown as it is now: the refused step may have been somebody else's a moment ago.
        return _page(request, actor, get_object_or_404(rows, uuid=word_id), refusal)


def _decided(request: HttpRequest, actor: Actor, word: UnknownWord) -> HttpResponse:
    action, posted = request.POST.get("action"), request.POST
    if action == "name":
        word_add_name(actor=actor, word=word, term=_named_term(posted))
    elif action == "term":
        entered = _entered_term(posted)
        word_add_term(
            actor=actor, word=word, kind=entered["kind"], name_en=entered["name_en"], parent=entered["parent"]
        )
    elif action == "dismiss":
        word_dismiss(actor=actor, word=word)
    elif action == "undo":
        word_undo(actor=actor, word=word)
        messages.success(request, _("“%(word)s” is to be decided again.") % {"word": word.word})
        return redirect("words:word", word_id=word.uuid)
    else:
        raise InvalidInput
    return redirect(f"{reverse('words:list')}?{_back(posted, word)}")


def _named_term(posted: QueryDict) -> Term:
    form = NameForm(posted)
    if not form.is_valid():
        raise InvalidInput(errors={"term": [str(message) for message in form.errors["term"]]})
    term: Term = form.cleaned_data["term"]
    return term


def _entered_term(posted: QueryDict) -> dict[str, Any]:
    form = TermForm(posted)
    if not form.is_valid():
        raise InvalidInput(errors={name: [str(message) for message in found] for name, found in form.errors.items()})
    return form.cleaned_data


def _back(posted: QueryDict, word: UnknownWord) -> str:
    """The query of the list one came from, and the word just decided."""
    kept = {name: posted[name] for name in ("q", "page") if posted.get(name)}
    return urlencode({**kept, "done": str(word.uuid)})


def _page(request: HttpRequest, actor: Actor, word: UnknownWord, refusal: DomainError | None = None) -> HttpResponse:
    sought = request.GET.get("term", "").strip()[:100]
    is_open = word.status == WordStatus.OPEN
    form = TermForm(request.POST) if refusal and request.POST.get("action") == "term" else TermForm()
    context = {
        "word": word,
        "label": WordStatus(word.status).label,
        "is_open": is_open,
        "is_known": is_open and is_known(word.word, current_lexicon()),
        "may_undo": not is_open and word.decided_zone == actor.zone.code,
        "sought": sought,
        "terms": (_found(sought) if sought else _similar(word)) if is_open else [],
        "form": form,
        "broader": Term.objects.filter(kind__in=ADDABLE_KINDS).values_list("name_zh", flat=True) if is_open else [],
    }
    return show(request, "vocabulary/word.html", context, refusal)


def _found(sought: str) -> list[tuple[Term, str]]:
    """Terms with these letters in a name, the exact ones first; with each the form that has them, if no name does."""
    named = Q(name_zh__icontains=sought) | Q(name_en__icontains=sought) | Q(synonyms__form__icontains=sought)
    rows = Term.objects.filter(named, kind__in=NAMEABLE_KINDS).distinct()
    exact = Q(name_zh__iexact=sought) | Q(name_en__iexact=sought) | Q(synonyms__form__iexact=sought)
    first = list(rows.filter(exact)[:_TERMS_SHOWN])
    terms = [*first, *rows.exclude(pk__in=[term.pk for term in first])[:_TERMS_SHOWN]][:_TERMS_SHOWN]
    forms = Synonym.objects.filter(term__in=terms, form__icontains=sought).order_by("-pk").values_list("term", "form")
    by_term = dict(forms)
    return [(term, "" if _says(term, sought) else by_term.get(term.pk, "")) for term in terms]


def _similar(word: UnknownWord) -> list[tuple[Term, str]]:
    """Terms whose forms look like the word, best first; with each that form, if it is no name."""
    keys = [key for key in similar_forms(word.word, current_lexicon()) if key[0] in NAMEABLE_KINDS]
    wanted = Q(*(Q(kind=kind, code=code) for kind, code, _form in keys), _connector=Q.OR)
    known = {(term.kind, term.code): term for term in Term.objects.filter(wanted)} if keys else {}
    found = [(known[kind, code], form) for kind, code, form in keys if (kind, code) in known]
    return [(term, "" if _says(term, form) else form) for term, form in found]


def _says(term: Term, letters: str) -> bool:
    return letters.lower() in f"{term.name_zh}\n{term.name_en}".lower()
