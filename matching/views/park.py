"""The zone's trail: who did what to what, when and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from matching.models import Match, RulesVersion
from matching.park_words import deed_words, kind_words
from platforms.models import Capability, Certificate, Platform
from requests.disclosure import listed_name
from requests.models import Campaign, Need
from requests.views.frame import listed, workspace_page
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.models import Organization, User
from zhongshi.core import audit_chain
from zhongshi.core.deeds import deed
from zhongshi.core.fragments import page_or_part
from zhongshi.core.models import AuditEntry
from zhongshi.core.workbooks import CONTENT_TYPE, About, Column, Kind, Sheet, workbook
from zhongshi.vocabulary.models import UnknownWord

_AUDIT_PAGE = 50
_BATCH = 500


class Subject(NamedTuple):
    """What an entry of the trail is about: how it is called, its page, and more words."""

    name: str
    path: str
    words: str


@workspace_page(Role.ZONE_ADMIN)
@require_GET
def audit_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The zone's trail, newest first; `?who=&what=&from=&to=&kind=&object=` narrow, `&download=xlsx` gives the file."""
    trail = AuditEntry.objects.filter(zone_code=actor.zone.code)
    rows = _narrowed(request, trail, actor).select_related("actor").order_by("-id")
    if request.GET.get("download") == "xlsx":
        return _file(rows, actor)
    context = listed(request, rows, _AUDIT_PAGE)
    entries = list(_with_subjects(context["page"]))
    standing = audit_chain.standing(actor.zone.code)
    context |= {"entries": entries, "asked": request.GET, "standing": standing} | _choices(trail)
    return page_or_part(request, "matching/audit.html", "matching/park_audit_part.html", context)


def _choices(trail: QuerySet[AuditEntry]) -> dict[str, Any]:
    """Who and what occurs in the zone's trail, to choose from."""
    actors = trail.exclude(actor=None).order_by().values("actor").distinct()
    actions = trail.order_by().values_list("action", flat=True).distinct()
    kinds = trail.order_by().values_list("object_kind", flat=True).distinct()
    return {
        "people": User.objects.filter(pk__in=actors).order_by("username"),
        "actions": sorted((code, deed(code)) for code in actions),
        "kinds": sorted((code, kind_words(code)) for code in kinds),
    }


def _narrowed(request: HttpRequest, rows: QuerySet[AuditEntry], actor: Actor) -> QuerySet[AuditEntry]:
    get = request.GET.get
    if who := get("who", ""):
        rows = rows.filter(actor=None) if who == "-" else rows.filter(actor__username=who)
    if what := get("what", ""):
        rows = rows.filter(action=what)
    if kind := get("kind", ""):
        rows = rows.filter(object_kind=kind)
    if first := _day(get("from", "")):
        rows = rows.filter(at__gte=first)
    if last := _day(get("to", "")):
        rows = rows.filter(at__lt=last + timedelta(days=1))
    return _about(rows, get("object", "").strip(), actor)


def _day(text: str) -> datetime | None:
    """The beginning of a day, by the clock here; None for what is no day."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return timezone.make_aware(datetime.combine(day, time())) if day else None


def _about(rows: QuerySet[AuditEntry], named: str, actor: Actor) -> QuerySet[AuditEntry]:
    """Entries about an object: by its public id, or by a need's number with all its matches."""
    if not named:
        return rows
    try:
        return rows.filter(object_id=UUID(named))
    except ValueError:
        needs = Need.objects.visible_to(actor).filter(number__iexact=named)
        matches = Match.objects.filter(need__in=needs)
        return rows.filter(Q(object_id__in=needs.values("uuid")) | Q(object_id__in=matches.values("uuid")))


def _with_subjects(entries: Iterable[AuditEntry]) -> Iterator[tuple[AuditEntry, Subject]]:
    rows = list(entries)
    known = _subjects(rows)
    for entry in rows:
        yield entry, known.get(entry.object_id, Subject("", "", str(entry.object_id)))


def _subjects(entries: list[AuditEntry]) -> dict[UUID, Subject]:
    """What the entries speak of. One query for each kind of object that occurs, at most two for matches."""
    ids: dict[str, set[UUID]] = {}
    for entry in entries:
        ids.setdefault(entry.object_kind, set()).add(entry.object_id)
    found: dict[UUID, Subject] = {}
    for kind, wanted in ids.items():
        maker = _MAKERS.get(kind)
        found |= maker(wanted) if maker else {}
    return found


def _needs(ids: set[UUID]) -> dict[UUID, Subject]:
    rows = Need.objects.filter(uuid__in=ids).only("uuid", "number", "title", "visibility")
    return {row.uuid: Subject(row.number, reverse("needs:detail", args=[row.number]), listed_name(row)) for row in rows}


def _matches(ids: set[UUID]) -> dict[UUID, Subject]:
    rows = Match.objects.filter(uuid__in=ids).values_list("uuid", "need__number", "capability__name")
    return {uuid: Subject(number, reverse("needs:detail", args=[number]), name) for uuid, number, name in rows}


def _versions(ids: set[UUID]) -> dict[UUID, Subject]:
    rows = RulesVersion.objects.filter(uuid__in=ids)
    return {row.uuid: Subject(row.name, reverse("matching:rules-version", args=[row.name]), "") for row in rows}


def _words(ids: set[UUID]) -> dict[UUID, Subject]:
    rows = UnknownWord.objects.filter(uuid__in=ids).values_list("uuid", "word")
    return {uuid: Subject("", "", word) for uuid, word in rows}


def _listings(kind: str, model: Any) -> Any:
    name = "qualification" if model is Certificate else "name"

    def made(ids: set[UUID]) -> dict[UUID, Subject]:
        rows = model.objects.filter(uuid__in=ids).values_list("uuid", name)
        return {
            uuid: Subject(words, reverse("matching:review-item", args=[kind, uuid]), kind_words(kind))
            for uuid, words in rows
        }

    return made


def _campaigns(ids: set[UUID]) -> dict[UUID, Subject]:
    rows = Campaign.objects.filter(uuid__in=ids)
    return {row.uuid: Subject(row.shown_title, reverse("matching:campaign", args=[row.uuid]), "") for row in rows}


_MAKERS: dict[str, Any] = {
    "need": _needs,
    "match": _matches,
    "rulesversion": _versions,
    "unknownword": _words,
    "campaign": _campaigns,
    "organization": _listings("organization", Organization),
    "platform": _listings("platform", Platform),
    "capability": _listings("capability", Capability),
    "certificate": _listings("certificate", Certificate),
}


def _file(rows: QuerySet[AuditEntry], actor: Actor) -> HttpResponseBase:
    columns = [
        Column(_("Time"), Kind.MOMENT),
        Column(_("Who"), width=18),
        Column(_("What"), width=36),
        Column(_("Kind"), width=14),
        Column(_("Subject"), width=50),
        Column(_("Note"), width=50),
    ]
    about = About(_("Audit trail of %(zone)s") % {"zone": actor.zone.name}, timezone.now())
    file = workbook([Sheet(_("Audit trail"), columns, _lines(rows))], about)
    name = f"zhongshi-audit-{actor.zone.code}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


def _lines(rows: QuerySet[AuditEntry]) -> Iterator[tuple[Any, ...]]:
    """All entries of the filter, a few hundred at a time."""
    batch: list[AuditEntry] = []
    for entry in rows.iterator(chunk_size=_BATCH):
        batch.append(entry)
        if len(batch) == _BATCH:
            yield from _cells(batch)
            batch = []
    yield from _cells(batch)


def _cells(batch: list[AuditEntry]) -> Iterator[tuple[Any, ...]]:
    for entry, subject in _with_subjects(batch):
        who = (entry.actor.get_full_name() or entry.actor.get_username()) if entry.actor else _("the service")
        named = " ".join(part for part in (subject.name, subject.words) if part)
        yield entry.at, who, deed_words(entry), kind_words(entry.object_kind), named, entry.note
