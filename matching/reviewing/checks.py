"""What a reviewer looks at first, counted by the service: does the thing say what others will rely on?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from platforms.enums import FactKind
from platforms.models import Capability, Certificate, Platform
from requests.models import Need
from zhongshi.accounts.models import Organization

LEAST_SUMMARY = 40


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the check list; what is missing is a question to the reviewer, not a verdict."""

    words: str
    is_met: bool


def checks_of(row: Any) -> list[Check]:
    """The check list of anything on the board; empty for a match, which has its verdicts."""
    makers = {
        Organization: _organization,
        Platform: _platform,
        Capability: _capability,
        Certificate: _certificate,
        Need: _need,
    }
    maker: Any = makers.get(type(row))
    return [Check(words, bool(met)) for words, met in maker(row)] if maker else []


def _organization(row: Organization) -> list[tuple[str, object]]:
    return [
        (_("unified social credit code is given"), row.credit_code),
        (_("a contact with telephone or e-mail"), row.contact_name and (row.contact_phone or row.contact_email)),
        (_("a region"), row.region),
    ]


def _platform(row: Platform) -> list[tuple[str, object]]:
    return [
        (_("who operates it"), row.operator_name or row.organization_id),
        (_("region and city"), row.region and row.city),
        (_("at least one industry chain"), row.chains),
        (_("a source with its date, or the operator's own word"), row.is_confirmed or row.source_date),
        (_("at least one capability"), row.capabilities.exists()),
    ]


def _capability(row: Capability) -> list[tuple[str, object]]:
    facts = [fact for fact in row.stated_facts if not fact.is_negated]
    kinds = {fact.kind for fact in facts}
    sizes = [fact for fact in facts if fact.kind == FactKind.PARAMETER]
    return [
        (_("a description of a few sentences"), len(row.summary) >= LEAST_SUMMARY),
        (_("the stage it serves"), FactKind.STAGE in kinds),
        (_("at least one process"), FactKind.PROCESS in kinds),
        (_("at least one parameter"), sizes),
        (_("every parameter with its unit"), all(fact.unit or fact.count for fact in sizes)),
        (_("a price, or how it is found"), row.price),
        (_("free periods"), row.is_availability_known),
    ]


def _certificate(row: Certificate) -> list[tuple[str, object]]:
    today = timezone.localdate()
    return [
        (_("a number"), row.number),
        (_("an issuer"), row.issuer),
        (_("a scope"), row.scope),
        (_("valid today"), row.holds_on(today)),
        (_("an end of validity"), row.valid_until),
    ]


def _need(row: Need) -> list[tuple[str, object]]:
    kinds = {condition.kind for condition in row.conditions.all()}
    return [
        (_("the industry chain"), "chain" in kinds),
        (_("what is to be done: a process"), "process" in kinds),
        (_("at least one figure: scale, throughput, temperature"), "parameter" in kinds),
        (_("a budget"), "budget" in kinds),
        (_("when it should begin, or how long it takes"), kinds & {"start_by", "duration", "window"}),
    ]
