"""A line of a list of services, drawn once for everything it says: most pages of a catalogue show the same lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from platforms.models import Platform
from platforms.views.rows import ServiceRow
from zhongshi.vocabulary.templatetags.words import term

from .listing import place, price_label

register = template.Library()
# About five kilobytes each.
KEPT_LINES = 2000


@dataclass(frozen=True, slots=True)
class ShownPlatform:
    """What a line says of the platform and its source."""

    uuid: UUID
    name: str
    place: str
    is_confirmed: bool
    source_url: str
    source_date: str
    source_grade: str


@dataclass(frozen=True, slots=True)
class ShownService:
    """All that a line's template may use, in words: equal ones look the same, in one language."""

    pk: int
    uuid: UUID
    name: str
    summary: str
    icon: str
    parameters: tuple[tuple[str, str], ...]
    services: tuple[str, ...]
    processes: tuple[str, ...]
    qualifications: tuple[str, ...]
    price: str
    is_availability_known: bool
    free_from: date | None
    platform: ShownPlatform
    on_platform: bool
    compared: tuple[UUID, ...]


@register.simple_tag(takes_context=True)
def service_line(context: dict[str, Any], row: ServiceRow, *, on_platform: bool = False) -> SafeString:
    """The line of `row`; `on_platform` where the page is its platform's. The context says what is compared."""
    compared = tuple(one for one in context.get("compared_ids", ()) if one == row.capability.uuid)
    return _drawn(_shown(row, on_platform=on_platform, compared=compared), get_language())


@lru_cache(maxsize=KEPT_LINES)
def _drawn(shown: ShownService, _language: str | None) -> SafeString:
    return SafeString(render_to_string("platforms/partials/service_row.html", {"row": shown}))


def _shown(row: ServiceRow, *, on_platform: bool, compared: tuple[UUID, ...]) -> ShownService:
    capability = row.capability
    return ShownService(
        pk=capability.pk,
        uuid=capability.uuid,
        name=capability.name,
        summary="" if row.parameters else capability.summary,
        icon=row.icon,
        parameters=tuple(row.parameters),
        services=tuple(term(value, "service") for value in row.services),
        processes=tuple(term(value, "process") for value in row.processes),
        qualifications=tuple(term(value, "qualification") for value in row.qualifications),
        price=price_label(capability.price),
        is_availability_known=capability.is_availability_known,
        free_from=row.free_from,
        platform=_shown_platform(capability.platform),
        on_platform=on_platform,
        compared=compared,
    )


def _shown_platform(platform: Platform) -> ShownPlatform:
    return ShownPlatform(
        uuid=platform.uuid,
        name=platform.name,
        place=place(platform),
        is_confirmed=platform.is_confirmed,
        source_url=platform.source_url,
        source_date=platform.source_date,
        source_grade=platform.source_grade,
    )
