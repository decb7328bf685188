"""What people see of matches: the ranked, explained result of a need; a lead as far as its stage discloses it."""

from __future__ import annotations

from typing import Any, TypedDict

from django.db.models import Exists, OuterRef

from platforms.models import Capability
from requests.models import Need
from zhongshi.accounts.models import Organization, Zone

from .enums import MatchStatus
from .models import Match, MatchQuerySet, ScoringRun
from .routes import route_record, shown_routes
from .rules import contacts_released, shows_full_text


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


def shown_matches(need: Need) -> MatchQuerySet:
    """The need's matches, best first, with everything a card shows."""
    return (
        Match.objects.filter(need=need)
        .exclude(status=MatchStatus.WITHDRAWN)
        .select_related("need", "run", "capability__platform__organization")
        .prefetch_related("quotes", "questions")
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


def match_card(match: Match) -> dict[str, Any]:
    """One result as the contract writes it, plus what the owner may know of the answer."""
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
        "questions": [question_record(question) for question in match.questions.all()],
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
        "note": quote.note,
        "quoted_at": quote.quoted_at.isoformat(),
    }


def question_record(question: Any) -> dict[str, Any]:
    """A question and, when it has come, its answer."""
    return {
        "id": str(question.uuid),
        "text": question.text,
        "asked_at": question.asked_at.isoformat(),
        "answer": question.answer,
        "answered_at": question.answered_at and question.answered_at.isoformat(),
    }


def released_contacts(match: Match, other: Organization | None) -> Contacts | None:
    """The other side's contacts once the enterprise has chosen, else None."""
    if other is None or not contacts_released(match):
        return None
    return {
        "organization": other.name,
        "name": other.contact_name,
        "phone": other.contact_phone,
        "email": other.contact_email,
    }


def matches_of(need: Need) -> dict[str, Any]:
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
        "results": [match_card(match) for match in shown_matches(need)],
    }


def shown_leads(rows: MatchQuerySet) -> MatchQuerySet:
    """Leads with everything an operator's list shows, those to answer first."""
    return (
        rows.select_related("need__organization", "capability__platform__organization", "run")
        .prefetch_related("quotes", "questions")
        .order_by("answer_due_at", "id")
    )


def lead_record(match: Match) -> dict[str, Any]:
    """A lead as its operator may see it now: the text by the need's visibility, contacts only after a choice."""
    need, full = match.need, shows_full_text(match)
    return {
        "id": str(match.uuid),
        "status": match.status,
        "score": match.score,
        "answer_due_at": match.answer_due_at and match.answer_due_at.isoformat(),
        "capability": capability_head(match.capability),
        "need": {
            "number": need.number,
            "title": need.title if full else "",
            "text": need.text if full else "",
            "is_full_text": full,
            "region": need.region,
        },
        "components": match.components,
        "verdicts": match.verdicts,
        "decline_reason": match.decline_reason,
        "quotes": [quote_record(quote) for quote in match.quotes.all()],
        "questions": [question_record(question) for question in match.questions.all()],
        "contacts": released_contacts(match, need.organization),
    }
