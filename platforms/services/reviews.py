"""The zone office's word on a submitted listing: publish it, or return it with a reason that reaches its operator."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platforms.enums import CertificateStatus, FactKind, FactSource, ListingStatus
from platforms.listing_words import listing_words
from platforms.models import Capability, Certificate, Fact, ListingVersion, Platform
from platforms.rules import may_review
from zhongshi.accounts.actors import Actor, members_of
from zhongshi.accounts.enums import Role
from zhongshi.core import notifications
from zhongshi.core.errors import IllegalTransition, InvalidInput, NotAllowed, StaleTransition
from zhongshi.core.transitions import advance
from zhongshi.vocabulary.lexicons import current_lexicon

from .listings import touch

Listing = Platform | Capability | Certificate
Row = TypeVar("Row", Platform, Capability, Certificate)
_REVIEWED = frozenset({CertificateStatus.SUBMITTED, CertificateStatus.CHECKED})


class SamePerson(NotAllowed):
    """The second look at a paper is another person's."""

    code = "same_person"
    default_detail = gettext_lazy("You checked this certificate yourself; a second person has to publish it.")


def listing_review(*, actor: Actor, listing: Row, approve: bool, note: str = "", seen: str = "") -> Row:
    """Publish a submitted listing, or return it; its operator is told. A certificate takes two people, one after other.

    `seen` is the status the reviewer had before the eyes, by default the row's. Raises NotAllowed outside one's zone
    or for one's own organization, SamePerson for a second look by the first person, InvalidInput for a return without
    a reason, IllegalTransition where nothing waits, StaleTransition where somebody else decided first.
    """
    platform = platform_of(listing)
    if not may_review(actor, platform) or platform.organization_id == actor.organization.pk:
        raise NotAllowed
    if not approve and not note.strip():
        raise InvalidInput(errors={"note": [_("Please say why; the operator will read it.")]})
    seen = seen or listing.status
    with transaction.atomic(durable=True):
        # The platform first, as everywhere: `touch` writes it and its clock.
        platform = Platform.objects.select_for_update(of=("self",)).select_related("zone").get(pk=platform.pk)
        row: Any = platform
        if not isinstance(listing, Platform):
            row = type(listing).objects.select_for_update(of=("self",)).get(pk=listing.pk)
        if row.status != seen:
            raise StaleTransition
        if row.status not in _REVIEWED:
            raise IllegalTransition
        target = _target(row, actor) if approve else ListingStatus.RETURNED
        _move(row, target, platform, actor, note)
    moved: Row = row
    return moved


def platform_of(listing: Listing) -> Platform:
    """The platform a listing is, or belongs to."""
    return listing if isinstance(listing, Platform) else listing.platform


def _target(row: Listing, actor: Actor) -> str:
    if isinstance(row, Certificate) and row.status == CertificateStatus.SUBMITTED:
        return CertificateStatus.CHECKED
    if isinstance(row, Certificate) and row.checked_by_id == actor.user.pk:
        raise SamePerson
    return ListingStatus.PUBLISHED


def _move(row: Listing, target: str, platform: Platform, actor: Actor, note: str) -> None:
    advance(row, target, actor=actor.user, note=note, zone_code=platform.zone.code, **_signed(row, target, actor))
    if target == ListingStatus.PUBLISHED:
        _keep_version(row, actor)
        if isinstance(row, Certificate):
            prove(row, platform, actor)
        touch(platform)
    if target != CertificateStatus.CHECKED:
        _tell(row, platform, target, note)


def _signed(row: Listing, target: str, actor: Actor) -> dict[str, Any]:
    """Who looked: a certificate says it, and forgets both where it has to be handed in again."""
    if not isinstance(row, Certificate):
        return {}
    if target == CertificateStatus.CHECKED:
        return {"checked_by": actor.user, "published_by": None}
    if target == CertificateStatus.PUBLISHED:
        return {"published_by": actor.user}
    return {"checked_by": None, "published_by": None}


def _keep_version(row: Listing, actor: Actor) -> None:
    ListingVersion.objects.update_or_create(
        kind=row._meta.model_name,  # noqa: SLF001
        listing=row.uuid,
        defaults={"record": listing_words(row), "published_by": actor.user, "published_at": timezone.now()},
    )


def prove(paper: Certificate, platform: Platform, actor: Actor) -> None:
    """Let the paper count: lines of its platform that say nothing of the qualification hold it from now on.

    A line that denies it keeps its word. The fact names number and scope, and lapses with the paper. In the caller's
    transaction.
    """
    canonical = current_lexicon().canonical
    name = canonical("qualification", paper.qualification) or paper.qualification
    said: dict[int, set[str]] = defaultdict(set)
    stated = Fact.objects.filter(capability__platform=platform, kind=FactKind.QUALIFICATION).order_by()
    for line, value in stated.values_list("capability_id", "value"):
        said[line].add(canonical("qualification", value) or value)
    words = " · ".join(part for part in (paper.qualification, paper.number, paper.scope) if part)
    now = timezone.now()
    Fact.objects.bulk_create(
        Fact(
            capability_id=line,
            kind=FactKind.QUALIFICATION,
            value=name,
            text=words,
            source=FactSource.ANSWERED,
            source_date=f"{timezone.localdate(now)}",
            confirmed_at=now,
            confirmed_by=paper.entered_by or actor.user,
            field="certificate",
        )
        for line in platform.capabilities.order_by("pk").values_list("pk", flat=True)
        if name not in said[line]
    )


def _tell(row: Listing, platform: Platform, target: str, note: str) -> None:
    if platform.organization is None:
        return
    notifications.owe(
        members_of(platform.organization, Role.OPERATOR),
        f"listing.{target}",
        key=f"listing.{target}:{row.uuid}:{row.status_changed_at:%Y%m%d%H%M%S%f}",
        path=f"/desk/{'certs' if isinstance(row, Certificate) else 'services'}/",
        params={"name": str(row), "platform": platform.name, "note": note},
    )
