"""Certificates an operator enters itself: submitted, reviewed by the zone's office, renewed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platforms.enums import ListingStatus
from platforms.models import Certificate, Platform
from platforms.rules import runs
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.rules import require_taking_part
from zhongshi.core.audit import record
from zhongshi.core.errors import InvalidInput, NotAllowed
from zhongshi.core.transitions import advance


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateEntry:
    """What the paper says."""

    qualification: str
    number: str
    issuer: str
    scope: str = ""
    valid_from: date | None = None
    valid_until: date | None = None


def certificate_submit(
    *, actor: Actor, platform: Platform, entry: CertificateEntry, renews: Certificate | None = None
) -> Certificate:
    """Enter a certificate and hand it to the zone's office; it counts from the day the office publishes it.

    Raises NotAllowed for another's platform, NotTakingPart for an operator that is not approved, InvalidInput for a
    paper that has run out or a renewal of another platform's.
    """
    _check(actor, platform, entry)
    if renews is not None and renews.platform_id != platform.pk:
        raise InvalidInput(errors={"renews": [_("This certificate belongs to another platform.")]})
    with transaction.atomic(durable=True):
        row = Certificate.objects.create(
            platform=platform, status=ListingStatus.DRAFT, entered_by=actor.user, renews=renews, **asdict(entry)
        )
        record("certificate_entered", row, actor=actor.user, zone_code=platform.zone.code, detail=_detail(entry))
        advance(row, ListingStatus.SUBMITTED, actor=actor.user, zone_code=platform.zone.code)
    return row


def certificate_correct(*, actor: Actor, certificate: Certificate, entry: CertificateEntry) -> Certificate:
    """Correct a returned certificate and submit it again; IllegalTransition in any other state."""
    platform = certificate.platform
    _check(actor, platform, entry)
    with transaction.atomic(durable=True):
        # Whoever entered it before: what stands there now was entered by this person.
        fields = asdict(entry) | {"entered_by": actor.user}
        advance(certificate, ListingStatus.SUBMITTED, actor=actor.user, zone_code=platform.zone.code, **fields)
        detail = _detail(entry)
        record("certificate_entered", certificate, actor=actor.user, zone_code=platform.zone.code, detail=detail)
    return certificate


def _check(actor: Actor, platform: Platform, entry: CertificateEntry) -> None:
    if not runs(actor, platform):
        raise NotAllowed
    require_taking_part(actor)
    errors: dict[str, list[str]] = {}
    if not entry.qualification:
        errors["qualification"] = [_("Is missing.")]
    if entry.valid_until and entry.valid_until < timezone.localdate():
        errors["valid_until"] = [_("This paper has run out.")]
    if entry.valid_from and entry.valid_until and entry.valid_until < entry.valid_from:
        errors["valid_until"] = [_("Lies before the first day.")]
    if errors:
        raise InvalidInput(errors=errors)


def _detail(entry: CertificateEntry) -> dict[str, str | None]:
    return {name: None if value is None else str(value) for name, value in asdict(entry).items()}
