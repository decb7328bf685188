"""The sheets of a service and of a platform: rows added and removed, looked at, saved, submitted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from platforms.desk.completeness import meter_of
from platforms.desk.sheets import LISTS, TICKS, Sheet, empty_sheet, entry_of, sheet_of, typed_sheet
from platforms.enums import FactKind, ListingStatus
from platforms.models import Capability, Fact, Platform
from platforms.selectors import platform_head
from platforms.services.editing import CapabilityEntry, capability_save, capability_seen
from platforms.services.listings import capability_advance, declared_facts, read_facts
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.frame import workspace_page
from zhongshi.core.errors import DomainError, InvalidInput
from zhongshi.core.fragments import page_or_part
from zhongshi.vocabulary.labels import kind_label, parameter_label, quantity_label, term_label
from zhongshi.vocabulary.lexicons import current_lexicon
from zhongshi.vocabulary.reading.sources import codes

from .desk_services import answered_facts, own_platform, own_service

_PRICE_UNITS = ("万元/周", "万元/批", "元/天", "元/批", "元/样品", "元/小时")
_DEEDS = frozenset({"save", "preview", "submit"})
_SUBMITTABLE = {ListingStatus.DRAFT, ListingStatus.RETURNED}


@workspace_page(Role.OPERATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def service_edit(request: HttpRequest, actor: Actor, uuid: UUID) -> HttpResponse:
    """The sheet of one's own service. A refused sheet stays as it was typed."""
    row = own_service(actor, uuid)
    if request.method == "POST":
        return _sent(request, actor, row.platform, row)
    return _show(request, row.platform, row, sheet_of(row, capability_seen(row)))


@workspace_page(Role.OPERATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def service_new(request: HttpRequest, actor: Actor, uuid: UUID) -> HttpResponse:
    """The empty sheet of a new service of one's own platform."""
    platform = own_platform(actor, uuid)
    if request.method == "POST":
        return _sent(request, actor, platform, None)
    return _show(request, platform, None, empty_sheet())


def _sent(request: HttpRequest, actor: Actor, platform: Platform, row: Capability | None) -> HttpResponse:
    do, sheet = request.POST.get("do", ""), typed_sheet(request.POST)
    if do.startswith(("add:", "remove:")):
        return _show(request, platform, row, sheet.changed(do))
    if do not in _DEEDS:
        return _show(request, platform, row, sheet, InvalidInput())
    sheet = sheet.compact()
    entry, problems = entry_of(sheet)
    if problems:
        return _show(request, platform, row, sheet, InvalidInput(errors=problems))
    if do == "preview":
        return _show(request, platform, row, sheet, preview=_preview(platform, entry))
    try:
        saved = capability_save(actor=actor, platform=platform, capability=row, entry=entry, seen=sheet.seen)
        if do == "submit":
            capability_advance(actor=actor, capability=saved, target=ListingStatus.SUBMITTED)
    except DomainError as refusal:
        return _refused(request, actor, platform, row, sheet, refusal)
    told = _("Saved and submitted for review.") if do == "submit" else _("Saved.")
    messages.success(request, told)
    return redirect("desk-service", uuid=saved.uuid)


def _refused(
    request: HttpRequest,
    actor: Actor,
    platform: Platform,
    row: Capability | None,
    sheet: Sheet,
    refusal: DomainError,
) -> HttpResponse:
    """The sheet as typed. After somebody else's change it is held against what stands there now from here on."""
    if refusal.code == "lost_race" and row is not None:
        now = own_service(actor, row.uuid)
        sheet = Sheet(sheet.head, sheet.lists, sheet.parameters, sheet.devices, sheet.dropped, capability_seen(now))
    return _show(request, platform, row, sheet, refusal)


def _show(
    request: HttpRequest,
    platform: Platform,
    row: Capability | None,
    sheet: Sheet,
    refusal: DomainError | None = None,
    preview: Sequence[tuple[str, Sequence[str], Sequence[str]]] = (),
) -> HttpResponse:
    problems = dict(refusal.errors or {}) if refusal else {}
    context = {
        "platform": platform,
        "service": row,
        "sheet": sheet,
        "meter": meter_of(row) if row else None,
        "answered": answered_facts(row) if row else [],
        "is_submittable": row is None or row.status in _SUBMITTABLE,
        "refusal": refusal,
        "is_stale": bool(refusal and refusal.code == "lost_race"),
        "problems": problems,
        "summary": _summary(problems),
        "preview": preview,
        **_rows(sheet, problems),
        **_words(sheet),
    }
    status = refusal.status if refusal else 200
    return page_or_part(
        request, "platforms/desk/editor.html", "platforms/desk/editor_part.html", context, status=status
    )


def _rows(sheet: Sheet, problems: Mapping[str, Any]) -> dict[str, Any]:
    """The rows of the form, each with what is wrong with it by cell."""
    return {
        "lists": [
            {"name": name, "label": kind_label(kind), "values": sheet.lists[name], "kind": kind}
            for name, kind in LISTS.items()
        ],
        "sizes": [(row, _below(problems, f"parameters.{n}.")) for n, row in enumerate(sheet.parameters)],
        "devices": [(row, _below(problems, f"devices.{n}.")) for n, row in enumerate(sheet.devices)],
    }


def _below(problems: Mapping[str, Any], prefix: str) -> dict[str, str]:
    found = {name.removeprefix(prefix): texts for name, texts in problems.items() if name.startswith(prefix)}
    return {{"min": "low", "max": "high"}.get(name, name): " ".join(map(str, texts)) for name, texts in found.items()}


def _summary(problems: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each problem with the id of its field."""
    found = []
    for name, texts in problems.items():
        place = name.replace(".min", ".low").replace(".max", ".high")
        anchor = {"price": "price_amount", "trl": "trl_from"}.get(name, place)
        found += [(f"f-{anchor.replace('.', '-')}", str(text)) for text in texts]
    return found


def _words(sheet: Sheet) -> dict[str, Any]:
    """The vocabulary the form offers: ticks for short lists, words to complete for long ones."""
    lexicon = current_lexicon()
    ticks = []
    for name, kind in TICKS.items():
        known = [term.value for term in lexicon.terms(kind)]
        chosen = sheet.lists[name]
        values = [*known, *(value for value in chosen if value not in known)]
        boxes = [(value, term_label(kind, value), value in chosen) for value in values]
        ticks.append({"name": name, "label": kind_label(kind), "boxes": boxes})
    offered = {
        name: [(t.value, term_label(kind, t.value)) for t in lexicon.terms(kind)] for name, kind in LISTS.items()
    }
    quantities = [(code, quantity_label(code)) for code in codes("quantity")]
    return {
        "ticks": ticks,
        "offered": offered,
        "quantities": [pair for pair in quantities if pair[0] not in {"budget", "price_per_week", "duration"}],
        "units": codes("unit"),
        "price_units": _PRICE_UNITS,
    }


def _preview(platform: Platform, entry: CapabilityEntry) -> list[tuple[str, list[str], list[str]]]:
    """What a reader would see, by kind: what is stated, and what is read from the words."""
    draft = Capability(platform=platform)
    stated = _by_kind(declared_facts(draft, entry.part))
    read = _by_kind(read_facts(draft, platform_head(platform), entry.part))
    kinds = [kind for kind in FactKind.values if kind != FactKind.PHRASE and (stated[kind] or read[kind])]
    return [
        (kind_label(kind), stated[kind], [word for word in read[kind] if word not in stated[kind]]) for kind in kinds
    ]


def _by_kind(facts: Sequence[Fact]) -> dict[str, list[str]]:
    """Facts in words by kind, each word once; a kind without facts has none."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for fact in facts:
        if not fact.is_negated:
            found[fact.kind][_in_words(fact)] = None
    return {kind: list(found[kind]) for kind in FactKind.values}


def _in_words(fact: Fact) -> str:
    if fact.kind != FactKind.PARAMETER:
        return term_label(fact.kind, fact.value)
    return f"{quantity_label(fact.quantity)} {parameter_label(fact.low, fact.high, fact.unit, fact.count)}"
