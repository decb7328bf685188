"""What people see of matches: the ranked, explained result of a need; a lead as far as its stage discloses it."""

from __future__ import annotations

from typing import Any, TypedDict

from django.db.models import Exists, OuterRef

from platforms.models import Capability
from requests.disclosure import FullText, is_confidential
from requests.enums import Stage
from requests.models import Agreement, Need
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Organization, Zone
from zhongshi.accounts.services.consents import contacts_are_withdrawn
from zhongshi.core.models import AuditEntry

from .disclosure import LeadReading, agreement_record, listed_stage
from .enums import MatchStatus
from .models import Match, MatchQuerySet, ScoringRun
from .routes import route_record, shown_routes
from .rules import contacts_released


class Contacts(TypedDict):
    """How to reach the other side; only after a choice."""

    organization: str
    name: str
    phone: str
    email: str


def newest_run(need: Need) -> ScoringRun | None:
    """The scoring of the need's present revision, or None while it is still being scored."""
    return need.runs.filter(revision=need.revision).first()


class Rescored(TypedDict):
    """How far new rules have reached: `done` of `open` needs are scored under them."""

    done: int
    open: int


def rescored(zone: Zone, rules_name: str) -> Rescored:
    """Count the zone's open needs, and those whose present revision these rules have scored."""
    needs = Need.objects.open().filter(zone=zone)
    scored = ScoringRun.objects.filter(need=OuterRef("pk"), revision=OuterRef("revision"), rules_version=rules_name)
    return {"done": needs.filter(Exists(scored)).count(), "open": needs.count()}


def help_asked(need: Need) -> AuditEntry | None:
    """When the zone's office was asked for help with the need's present revision, and by whom; None if it was not."""
    deeds = AuditEntry.objects.filter(object_id=need.uuid, action="help_asked", detail__revision=need.revision)
    return deeds.select_related("actor").first()


def shown_matches(need: Need) -> MatchQuerySet:
    """The need's matches, best first, with everything a card shows."""
    return (
        Match.objects.filter(need=need)
        .exclude(status=MatchStatus.WITHDRAWN)
        .select_related("need", "run", "capability__platform__organization", "dismissal", "inquiry")
        .prefetch_related("quotes", "questions")
        # What a run found as a whole is long, and the same for all its matches.
        .defer("run__funnel", "run__excluded", "run__relaxations", "run__routes")
        .order_by("rank", "id")
    )


def capability_head(capability: Capability) -> dict[str, Any]:
    """The few words a card shows of a capability and its platform."""
    platform = capability.platform
    return {
        "id": str(capability.uuid),
        "external_id": capability.external_id,
        "name": capability.name,
        "platform": {
            "id": str(platform.uuid),
            "name": platform.name,
            "city": platform.city,
            "region": platform.region,
            "country": platform.country,
        },
    }


def match_card(match: Match, *, for_owner: bool = True) -> dict[str, Any]:
    """One result as the contract writes it, plus what the owner may know of the answer.

    What both sides write to each other about a confidential need is not for the zone's office.
    """
    is_told = for_owner or not is_confidential(match.need)
    quotes = list(match.quotes.all())
    return {
        "id": str(match.uuid),
        "capability": capability_head(match.capability),
        "rank": match.rank,
        "score": match.score,
        "components": match.components,
        "verdicts": match.verdicts,
        "status": match.status,
        "review_note": match.review_note,
        "decline_reason": match.decline_reason,
        "quotes": [quote_record(quote) for quote in quotes],
        "questions": [question_record(question, is_told=is_told) for question in match.questions.all()],
        "contacts": released_contacts(match, match.capability.platform.organization),
    }


def quote_record(quote: Any) -> dict[str, Any]:
    """An offer."""
    return {
        "id": str(quote.uuid),
        "amount": str(quote.amount),
        "currency": quote.currency,
        "lines": quote.lines,
        "valid_until": quote.valid_until.isoformat(),
        "start": quote.starts_on and quote.starts_on.isoformat(),
        "days": quote.days,
        "payment": quote.payment,
        "note": quote.note,
        "quoted_at": quote.quoted_at.isoformat(),
    }


def question_record(question: Any, *, is_told: bool = True) -> dict[str, Any]:
    """A question and, when it has come, its answer; only that and when there is one, where it is not told."""
    return {
        "id": str(question.uuid),
        "text": question.text if is_told else "",
        "asked_at": question.asked_at.isoformat(),
        "answer": question.answer if is_told else "",
        "answered_at": question.answered_at and question.answered_at.isoformat(),
    }


def released_contacts(match: Match, other: Organization | None) -> Contacts | None:
    """The other side's contacts once the enterprise has chosen, until the other side takes its consent back."""
    if other is None or not contacts_released(match) or contacts_are_withdrawn(organization=other, match=match.uuid):
        return None
    return {
        "organization": other.name,
        "name": other.contact_name,
        "phone": other.contact_phone,
        "email": other.contact_email,
    }


def matches_of(need: Need, *, for_owner: bool = True) -> dict[str, Any]:
    """Everything ``GET needs/{id}/matches/`` answers; state "scoring" while the newest revision waits for a worker."""
    run = newest_run(need)
    if run is None:
        return {
            "state": "scoring",
            "scored_at": None,
            "rules_version": None,
            "candidates": 0,
            "funnel": [],
            "excluded": [],
            "relaxations": [],
            "routes": [],
            "results": [],
        }
    return {
        "state": "ready",
        "scored_at": run.scored_at.isoformat(),
        "rules_version": run.rules_version,
        "candidates": run.candidates,
        "funnel": run.funnel,
        "excluded": run.excluded,
        "relaxations": run.relaxations,
        "routes": [route_record(route) for route in shown_routes(need, run)],
        "results": [match_card(match, for_owner=for_owner) for match in shown_matches(need)],
    }


def shown_leads(rows: MatchQuerySet) -> MatchQuerySet:
    """Leads with everything an operator's list shows, those to answer first."""
    return (
        rows.select_related("need__organization", "need__zone", "capability__platform__organization", "run")
        .prefetch_related("quotes", "questions")
        .order_by("answer_due_at", "id")
    )


def lead_line(actor: Actor, match: Match, agreement: Agreement | None) -> dict[str, Any]:
    """A lead as a list shows it: of a confidential need neither words nor conditions, whatever was signed."""
    need, stage = match.need, listed_stage(actor, match, agreement)
    if is_confidential(need):
        said = {"number": need.number, "title": "", "text": "", "is_full_text": False, "region": need.region}
        return _lead(match, said, _disclosure(stage, [], agreement_record(agreement, None))) | {"contacts": None}
    shape = FullText(need.number, need.revision, need.region, [], need.title, need.text)
    return _lead(match, _full_need(shape), _open_disclosure(match, stage))


def lead_record(match: Match, reading: LeadReading) -> dict[str, Any]:
    """A lead as its operator has just read it (`services.reading.lead_read`)."""
    if not is_confidential(match.need) and reading.full:
        return _lead(match, _full_need(reading.full), _open_disclosure(match, reading.stage))
    fields = [*reading.need.fields, *(["contacts"] if contacts_released(match) else [])]
    agreement = agreement_record(reading.agreement, reading.to_sign)
    disclosure = _disclosure(reading.stage, fields, agreement) | {"conditions": list(reading.need.conditions)}
    if reading.full:
        return _lead(match, _full_need(reading.full), disclosure)
    outline = reading.outline
    if outline and outline.budget_class:
        disclosure["budget_class"] = dict(zip(("min", "max"), outline.budget_class, strict=True))
    said = {
        "number": reading.need.number,
        "title": "",
        "text": "",
        "is_full_text": False,
        "region": reading.need.region,
    }
    return _lead(match, said, disclosure)


def _full_need(shape: FullText) -> dict[str, Any]:
    return {
        "number": shape.number,
        "title": shape.title,
        "text": shape.text,
        "is_full_text": True,
        "region": shape.region,
    }


def _open_disclosure(match: Match, stage: Stage) -> dict[str, Any]:
    fields = ["conditions", "region", "title", "text", *(["contacts"] if contacts_released(match) else [])]
    return _disclosure(stage, fields, None)


def _disclosure(stage: Stage, readable: list[str], agreement: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "stage": stage.value,
        "readable": readable,
        "agreement": agreement,
        "conditions": None,
        "budget_class": None,
    }


def _lead(match: Match, need: dict[str, Any], disclosure: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": str(match.uuid),
        "status": match.status,
        "score": match.score,
        "answer_due_at": match.answer_due_at and match.answer_due_at.isoformat(),
        "capability": capability_head(match.capability),
        "need": need,
        "disclosure": disclosure,
        "components": match.components,
        "verdicts": match.verdicts,
        "decline_reason": match.decline_reason,
        "quotes": [quote_record(quote) for quote in match.quotes.all()],
        "questions": [question_record(question) for question in match.questions.all()],
        "contacts": released_contacts(match, match.need.organization),
    }
