"""A need as its operators may read it: the lead gives the standing, `requests.disclosure` decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from requests.agreement_words import AgreementWords, words_for
from requests.disclosure import Disclosed, FullText, Outline, Standing, is_confidential, stage_of
from requests.enums import Stage
from requests.models import Agreement
from zhongshi.accounts.actors import Actor

from .enums import IN_TALKS
from .models import Match
from .rules import contacts_released

Signed = Mapping[int, Agreement]


@dataclass(frozen=True, slots=True)
class LeadReading:
    """What one lead's operator reads of its need now. `to_sign` are the words still to be signed."""

    stage: Stage
    need: Disclosed
    agreement: Agreement | None
    to_sign: AgreementWords | None

    @property
    def full(self) -> FullText | None:
        return self.need if isinstance(self.need, FullText) else None

    @property
    def outline(self) -> Outline | None:
        return self.need if isinstance(self.need, Outline) else None


def standing_of(match: Match) -> Standing:
    """How the match's operator stands to its need, for a match that is its lead."""
    is_chosen = contacts_released(match)
    return Standing(has_lead=True, is_alive=is_chosen or match.status in IN_TALKS, is_chosen=is_chosen)


def signed_by(actor: Actor, matches: Iterable[Match]) -> Signed:
    """What the actor's organization signed for the confidential needs among these, by need; no query without any."""
    needs = {match.need_id for match in matches if is_confidential(match.need)}
    if not needs:
        return {}
    rows = Agreement.objects.filter(need__in=needs, organization=actor.organization).select_related("signed_by")
    return {row.need_id: row for row in rows}


def listed_stage(actor: Actor, match: Match, agreement: Agreement | None) -> Stage:
    """How far the lead would be disclosed if it were opened; lists disclose no confidential need."""
    return stage_of(match.need, actor, standing=standing_of(match), agreement=agreement)


def words_to_sign(match: Match, agreement: Agreement | None) -> AgreementWords | None:
    """The words the operator may sign for this lead now; None where nothing is to be signed, or no more."""
    if agreement is not None or not is_confidential(match.need) or not standing_of(match).is_alive:
        return None
    return words_for(match.need)


def agreement_record(agreement: Agreement | None, words: AgreementWords | None) -> dict[str, Any]:
    """The agreement as its operator reads it: what was signed by whom, or what is still to be signed."""
    version = agreement.version if agreement else words.version if words else None
    digest = agreement.digest if agreement else words.digest if words else None
    return {
        "status": agreement.status if agreement else "none",
        "version": version,
        "digest": digest,
        "text": words.whole if words else None,
        "signed_at": agreement.signed_at.isoformat() if agreement else None,
        "signed_by": agreement.typed_name if agreement else None,
    }
