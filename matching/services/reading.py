"""An operator opens a lead: what it reads is decided now, and recorded where the need is confidential."""

from __future__ import annotations

from matching.disclosure import LeadReading, signed_by, standing_of, words_to_sign
from matching.models import Match
from matching.rules import contacts_released, operates
from requests.disclosure import Reader
from requests.services.disclosing import need_disclose
from zhongshi.core.errors import NotAllowed


def lead_read(*, reader: Reader, match: Match) -> LeadReading:
    """Return so much of the lead's need as `reader` may read now. Raises NotAllowed for anyone but its operator.

    Once the enterprise has chosen, the contacts go out with it, and the record says so.
    """
    if reader.actor is None or not operates(reader.actor, match):
        raise NotAllowed
    more = frozenset({"contacts"}) if contacts_released(match) else frozenset()
    stage, shape = need_disclose(reader=reader, need=match.need, standing=standing_of(match), more=more)
    agreement = signed_by(reader.actor, [match]).get(match.need_id)
    return LeadReading(stage, shape, agreement, words_to_sign(match, agreement))
