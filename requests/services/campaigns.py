"""A zone's campaigns: the office writes them, needs join them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests.models import Campaign, Need
from requests.rules import may_return, owns
from zhongshi.accounts.actors import Actor
from zhongshi.core.audit import record
from zhongshi.core.errors import DomainError, InvalidInput, NotAllowed


class CampaignClosed(DomainError):
    """The campaign takes no needs on this day, or none from this zone."""

    code = "campaign_closed"
    default_detail = gettext_lazy("This campaign takes no needs now.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignInput:
    """What the office writes. `chains`: names of industry chains; both days belong to the campaign."""

    title: str
    text: str
    opens_on: date
    closes_on: date
    title_en: str = ""
    text_en: str = ""
    chains: list[str] = field(default_factory=list)
    is_public: bool = True


def campaign_save(*, actor: Actor, entered: CampaignInput, campaign: Campaign | None = None) -> Campaign:
    """Store a new campaign of the actor's zone, or change one.

    Raises NotAllowed for anyone but the zone's own office, InvalidInput naming the fields.
    """
    if not actor.is_zone_admin or (campaign is not None and campaign.zone_id != actor.zone.pk):
        raise NotAllowed
    _check(entered)
    with transaction.atomic(durable=True):
        row = campaign or Campaign(zone=actor.zone, created_by=actor.user)
        for name, value in asdict(entered).items():
            setattr(row, name, value)
        row.save()
        days = {"opens_on": str(row.opens_on), "closes_on": str(row.closes_on), "is_public": row.is_public}
        record("campaign_saved", row, actor=actor.user, zone_code=actor.zone.code, detail=days)
    return row


def _check(entered: CampaignInput) -> None:
    errors: dict[str, list[str]] = {}
    if not entered.title.strip():
        errors["title"] = [_("Please give it a title.")]
    if not entered.text.strip():
        errors["text"] = [_("Please say what is wanted.")]
    if entered.opens_on > entered.closes_on:
        errors["closes_on"] = [_("Lies before the first day.")]
    if errors:
        raise InvalidInput(errors=errors)


def campaign_join(*, actor: Actor, need: Need, campaign: Campaign) -> Need:
    """Put a need into a campaign of its zone: its owner while the campaign is open, the zone's office at any time.

    A second call changes nothing. Raises NotAllowed for others, CampaignClosed where it takes no needs today or
    belongs to another zone.
    """
    by_office = may_return(actor, need)
    if not by_office and not owns(actor, need):
        raise NotAllowed
    if campaign.zone_id != need.zone_id or not (by_office or campaign.is_open_on(timezone.localdate())):
        raise CampaignClosed
    with transaction.atomic(durable=True):
        changed = Need.objects.filter(pk=need.pk).exclude(campaign=campaign).update(campaign=campaign)
        if changed:
            record("campaign_joined", need, actor=actor.user, note=campaign.title, zone_code=campaign.zone.code)
    need.campaign = campaign
    return need


def campaign_leave(*, actor: Actor, need: Need) -> Need:
    """Take a need out of its campaign, by the zone's office. Raises NotAllowed for others."""
    if not may_return(actor, need):
        raise NotAllowed
    with transaction.atomic(durable=True):
        left = need.campaign
        if left is not None and Need.objects.filter(pk=need.pk, campaign=left).update(campaign=None):
            record("campaign_left", need, actor=actor.user, note=left.title, zone_code=need.zone.code)
    need.campaign = None
    return need
