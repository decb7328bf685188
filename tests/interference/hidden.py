"""What somebody else knows and the reader must not. Each secret says who may know it; ids of its rows are kept.

`partner` is a known operator other than the reader: part of every secret is that others have to do with one another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from matching.models import Match
from matching.services.inquiring import match_inquire
from matching.services.leads import lead_ask, lead_quote
from matching.services.review import match_review
from platforms.models import CalendarFeed, CapacitySlot, Certificate, ImportFile, ImportMapping
from platforms.services.listings import platform_load
from requests.models import Need
from requests.services import NeedInput, need_post
from tests.factories import (
    PASSWORD,
    CampaignFactory,
    CapabilityFactory,
    FactFactory,
    ImportJobFactory,
    OrganizationFactory,
    RulesVersionFactory,
    make_actor,
)
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import OrganizationKind, OrganizationStatus, Role
from zhongshi.accounts.models import ContactConsent, Invitation, Registration, User, Zone
from zhongshi.core.audit import record
from zhongshi.core.models import NoticeSettings, Notification, Robot

from .offers import offer
from .world import Ids, World, approved, match_of, work_off

WORD = "氚化锆微球"
TEXT = f"{WORD}辐照稳定，需要500L发酵罐做中试，必须有GMP，预算80万元。"
CODE = "91510100MA6CHUAN9X"
EMAIL = "tritium@example.com"
LISTING = "cn-tritium"


@dataclass
class Reader:
    """Who looks, and what is being hidden from this person: ids near (same zone) and far (another zone)."""

    name: str
    world: World
    ids: Ids = field(default_factory=dict)
    canaries: set[str] = field(default_factory=lambda: {WORD, WORD[:2], CODE, EMAIL})

    @property
    def partner(self) -> str:
        """A known operator that is not the reader."""
        return "operator" if self.name == "operator2" else "operator2"

    def keep(self, **rows: object) -> None:
        """Remember ids that only the secret's own people know; the first of a kind stays."""
        self.ids = {name: str(getattr(row, "uuid", row)) for name, row in rows.items()} | self.ids


Secret = Callable[[Reader], None]


def plant(reader: Reader) -> Reader:
    """Make everything this reader may not know; the rows take keys from far away."""
    world = reader.world
    world.clock.keys(ahead=1_000_000)
    for secret, knowers in SECRETS.items():
        if reader.name not in knowers:
            secret(reader)
            work_off()
    world.clock.keys()
    return reader


def _needs(reader: Reader) -> None:
    """An nda need of another enterprise of the zone, with matches, a quote, a question and their notices."""
    world = reader.world
    actor = _enterprise(world.zones["cd"], "tritium")
    need = _posted(actor)
    capability = world.capabilities[f"{reader.partner}0"]
    match = Match.objects.select_related("need__zone", "capability__platform").get(need=need, capability=capability)
    if match.status == "proposed":
        match_inquire(actor=actor, match=match)
        match_review(actor=world.actor("admin"), match=match, approve=True)
        match.refresh_from_db()
    partner = world.actor(reader.partner)
    question = lead_ask(actor=partner, match=match, text=f"{WORD}的粒径？")
    lead_quote(actor=partner, match=match, offer=offer("777000"))
    proposed = Match.objects.filter(need=need).exclude(pk=match.pk)
    reader.keep(need=need, number=need.number, lead=match, quoted=match, question=question, proposed=proposed[0])
    notice = Notification.objects.filter(recipient=actor.user)[0]
    reader.keep(notice=notice, member=actor.user)


def _enterprise(zone: Zone, username: str) -> Actor:
    organization = OrganizationFactory.create(
        zone=zone, kind=OrganizationKind.ENTERPRISE, name=f"{WORD}公司{username}", credit_code=""
    )
    return make_actor(Role.ENTERPRISE, zone, organization=organization, username=f"{username}-owner@example.com")


def _posted(actor: Actor, *, as_draft: bool = False) -> Need:
    entered = NeedInput(title=f"{WORD}中试", text=TEXT, region="510100", visibility="nda")
    need, _new = need_post(actor=actor, entered=entered, as_draft=as_draft)
    work_off()
    return need


def _drafts(reader: Reader) -> None:
    """A need that nobody but its owner has seen."""
    author = "stranger" if reader.name in {"owner", "manager"} else "owner"
    need = _posted(reader.world.actor(author), as_draft=True)
    reader.keep(need=need, number=need.number)


def _quotes(reader: Reader) -> None:
    """A rival's offer for the known need."""
    world = reader.world
    match = approved(world, "owner", "operator20")
    question = lead_ask(actor=world.actor("operator2"), match=match, text="交付到哪里？")
    lead_quote(actor=world.actor("operator2"), match=match, offer=offer("654321"))
    reader.canaries.add("654321")
    reader.keep(question=question)


def _supply(reader: Reader) -> None:
    """Listings nobody has published, and a paper in review; of an operator of the zone and of the known partner."""
    world = reader.world
    zone, partner = world.zones["cd"], world.actor(reader.partner)
    organization = OrganizationFactory.create(zone=zone, kind=OrganizationKind.OPERATOR, name=f"{WORD}中试所")
    actor = make_actor(Role.OPERATOR, zone, organization=organization, username="hideout")
    platform_load(record=LISTED, zone=zone, organization=organization, actor=actor)
    work_off()
    platform = organization.platforms.get()
    own = world.capabilities[f"{reader.partner}0"].platform
    for status in ("draft", "suspended"):
        row = CapabilityFactory.create(platform=own, status=status, name=f"{WORD}线{status}", position=7)
        FactFactory.create(capability=row)
        FactFactory.create(capability=row, volume=True, position=1)
        FactFactory.create(capability=row, kind="material", value=WORD, text=WORD, position=2)
    paper = Certificate.objects.create(
        platform=own, qualification="GMP", number=f"{WORD}-1", status="submitted", entered_by=partner.user
    )
    reader.keep(capability=row, platform=platform, certificate=paper)


LISTED = {
    "id": LISTING,
    "name": f"{WORD}中试平台",
    "operator": f"{WORD}中试所",
    "country": "CN",
    "region": "510100",
    "chains": ["生物制造"],
    "capabilities": [
        {
            "id": f"{LISTING}-1",
            "name": f"{WORD}发酵",
            "summary": f"{WORD}，500L发酵罐三台，冻干。",
            "processes": ["发酵"],
        }
    ],
}


def _private(reader: Reader) -> None:
    """What an organization keeps to itself, also from its zone: robots, invitations, imports, calendar, settings."""
    partner = reader.world.actor(reader.partner)
    organization, user = partner.organization, partner.user
    robot = Robot.objects.create(
        organization=organization, kind="feishu", name=WORD, address="https://open.feishu.cn/x"
    )
    job = ImportJobFactory.create(organization=organization, created_by=user, file_name=f"{WORD}.xlsx", state="draft")
    ImportFile.objects.create(job=job, content=WORD.encode(), table=[[WORD]])
    ImportMapping.objects.create(organization=organization, headings="0" * 64, columns=[WORD])
    colleague = _colleague(reader, partner)
    NoticeSettings.objects.update_or_create(user=colleague, defaults={"digest_hour": 7})
    invitation = Invitation.objects.create(
        organization=organization,
        email=f"invited-{EMAIL}",
        language="zh-hans",
        invited_by=user,
        expires_at=timezone.now() + timedelta(days=7),
    )
    CalendarFeed.objects.create(
        organization=organization, token_digest="0" * 64, created_by=user, revoked_at=timezone.now()
    )
    _weeks(reader)
    consent = ContactConsent.objects.create(user=colleague, match=job.uuid, version="1", at=timezone.now())
    reader.keep(consent=consent, robot=robot, job=job, office_job=job, invitation=invitation, member=colleague)


def _colleague(reader: Reader, partner: Actor) -> User:
    """How many people an organization has, its zone's office knows."""
    if reader.name == "admin":
        return partner.user
    colleague = make_actor(partner.role, partner.zone, organization=partner.organization, username=EMAIL).user
    colleague.email = EMAIL
    colleague.save()
    return colleague


def _weeks(reader: Reader) -> None:
    """The note beside a week: that a line is busy is published, why it is is not."""
    line = reader.world.capabilities[f"{reader.partner}0"]
    CapacitySlot.objects.filter(capability=line).update(note=WORD)


def _joining(reader: Reader) -> None:
    """Who asked to come in, who waits, who was refused."""
    zone = reader.world.zones["xa" if reader.name == "admin" else "cd"]
    Registration.objects.create(
        kind="enterprise",
        zone=zone,
        organization={"name": f"{WORD}新材料", "credit_code": CODE},
        person_name=WORD,
        email=EMAIL,
        password=PASSWORD,
        language="zh-hans",
        consent_version="1",
        expires_at=timezone.now() + timedelta(days=3),
    )
    for status, code in ((OrganizationStatus.SUBMITTED, ""), (OrganizationStatus.RETURNED, CODE)):
        OrganizationFactory.create(zone=zone, status=status, credit_code=code, name=f"{WORD}{status}", review_note=WORD)


def _zone(reader: Reader) -> None:
    """Everything of another zone that is not public."""
    zone = reader.world.zones["xa"]
    office = make_actor(Role.ZONE_ADMIN, zone, username="xa-office")
    need = _posted(_enterprise(zone, "xa-tritium"))
    match = Match.objects.filter(need=need)[0]
    campaign = CampaignFactory.create(zone=zone, title=f"{WORD}专项", is_public=False, created_by=office.user)
    rules = RulesVersionFactory.create(
        of_zone=True, zone=zone, approves_itself=False, number=1_000_003, note=WORD, created_by=office.user
    )
    job = ImportJobFactory.create(organization=office.organization, created_by=office.user, file_name=f"{WORD}.csv")
    record("need_opened", need, actor=office.user, zone_code=zone.code, note=WORD)
    reader.keep(need=need, number=need.number, lead=match, proposed=match, quoted=match)
    reader.keep(campaign=campaign, rules=rules.name, office_job=job, member=office.user)


SECRETS: dict[Secret, frozenset[str]] = {
    _needs: frozenset({"admin"}),
    _drafts: frozenset(),
    _quotes: frozenset({"owner", "manager", "admin", "operator2"}),
    _supply: frozenset({"admin"}),
    _private: frozenset(),
    _joining: frozenset(),
    _zone: frozenset(),
}
__all__ = ["WORD", "Reader", "match_of", "plant"]
