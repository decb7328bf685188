"""The world everybody knows some of: two zones, two needs on their way, three platforms, and what hangs on them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from matching.models import LearnedForm, Match
from matching.services.leads import lead_accept, lead_ask, lead_quote
from matching.services.review import match_review
from platforms.models import Capability, CapacitySlot, Certificate
from platforms.services.capacity import monday_of
from platforms.services.feeds import feed_open
from platforms.services.listings import tick
from requests.models import Need
from requests.services import NeedInput, need_post
from tests.core.receiver import Receiver
from tests.factories import (
    CampaignFactory,
    CapabilityFactory,
    CertificateFactory,
    FactFactory,
    ImportJobFactory,
    PlatformFactory,
    RulesVersionFactory,
    ZoneFactory,
    make_actor,
)
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.models import ContactConsent, Invitation, Membership, User, UserSession, Zone
from zhongshi.core import outbox
from zhongshi.core.models import Notification, OutboxEvent, Robot
from zhongshi.vocabulary.candidates import Candidate
from zhongshi.vocabulary.models import UnknownWord
from zhongshi.vocabulary.words import words_note

from .frozen import Frozen
from .offers import offer
from .people import PEOPLE, Party, further_people

Ids = dict[str, str]


@dataclass
class World:
    """Who is there, and the ids of one row of each kind that somebody in it knows."""

    clock: Frozen
    receiver: Receiver
    zones: dict[str, Zone]
    parties: dict[str, Party] = field(default_factory=dict)
    capabilities: dict[str, Capability] = field(default_factory=dict)
    needs: dict[str, Need] = field(default_factory=dict)
    ids: Ids = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """The person of that name, who has an organization."""
        actor = self.parties[name].actor
        assert actor is not None
        return actor

    def session_of(self, name: str) -> str:
        """The key of a session the person is signed in with, or "" for nobody."""
        return "" if name == "nobody" else self.ids[f"session of {name}"]

    def ids_for(self, name: str) -> Ids:
        """What an address may be filled with for this person: its own notice where it has one."""
        own = {"notice": self.ids[f"notice of {name}"]} if f"notice of {name}" in self.ids else {}
        # Who knows the address of a calendar may read it.
        feed = {} if name == "operator" else {"feed": "none"}
        return self.ids | own | feed


def work_off() -> None:
    """Run what is owed and due, and what that owes, as the workers would."""
    seen: set[int] = set()
    while True:
        due = OutboxEvent.objects.filter(state="pending", available_at__lte=timezone.now())
        fresh = [pk for pk in due.order_by("id").values_list("id", flat=True) if pk not in seen]
        if not fresh:
            return
        for pk in fresh:
            seen.add(pk)
            outbox.run(pk)


def build(clock: Frozen, receiver: Receiver) -> World:
    """Make it, through the services where a need is on its way."""
    clock.chance()
    zones = {code: ZoneFactory.create(code=code, name=name) for code, name in _ZONES.items()}
    world = World(clock, receiver, zones)
    _people(world)
    _supply(world)
    _demand(world)
    _odds(world)
    for name in PEOPLE[1:]:
        _sign_in(world, name)
    return world


_ZONES = {"cd": "成都高新区", "wh": "武汉高新区", "xa": "西安高新区"}


def _people(world: World) -> None:
    cd, wh = world.zones["cd"], world.zones["wh"]
    roles = {
        "stranger": (Role.ENTERPRISE, cd),
        "owner": (Role.ENTERPRISE, cd),
        "operator": (Role.OPERATOR, cd),
        "operator2": (Role.OPERATOR, cd),
        "admin": (Role.ZONE_ADMIN, cd),
        "other_admin": (Role.ZONE_ADMIN, wh),
    }
    actors = {name: make_actor(role, zone, username=name) for name, (role, zone) in roles.items()}
    world.parties = {name: Party(actor.user, actor) for name, actor in actors.items()}
    world.parties |= further_people(cd, actors["owner"])


def _supply(world: World) -> None:
    tick()
    for who, lines in {"operator": 2, "operator2": 1, "suspended": 1}.items():
        actor = world.actor(who)
        platform = PlatformFactory.create(
            zone=actor.zone, organization=actor.organization, name=f"{who}的平台", external_id=f"cn-{who}"
        )
        CertificateFactory.create(platform=platform, status="published", number=f"GMP-{who}")
        for line in range(lines):
            row = CapabilityFactory.create(
                platform=platform, name=f"{who}的发酵线{line}", external_id=f"cn-{who}-{line}", position=line
            )
            FactFactory.create(capability=row)
            FactFactory.create(capability=row, volume=True, position=1)
            world.capabilities[f"{who}{line}"] = row
            week = monday_of(timezone.localdate()) + timedelta(weeks=3)
            CapacitySlot.objects.create(capability=row, week=week, state="booked", updated_by=actor.user)
        world.clock.tick()


def _demand(world: World) -> None:
    for who, title in {"owner": "乳球蛋白发酵中试", "stranger": "酶制剂发酵放大"}.items():
        entered = NeedInput(title=title, text="需要500L发酵罐做中试，必须有GMP。", region="510100")
        world.needs[who], _new = need_post(actor=world.actor(who), entered=entered)
        work_off()
        world.clock.tick()
    entered = NeedInput(title="干酪素喷雾干燥", text="需要喷雾干燥塔。")
    world.needs["draft"], _new = need_post(actor=world.actor("owner"), entered=entered, as_draft=True)
    _talks(world)
    work_off()


def _talks(world: World) -> None:
    lead = approved(world, "owner", "operator0")
    question = lead_ask(actor=world.actor("operator"), match=lead, text="料液粘度是多少？")
    quoted = approved(world, "owner", "operator1")
    lead_quote(actor=world.actor("operator"), match=quoted, offer=offer("120000"))
    lead_accept(actor=world.actor("operator2"), match=approved(world, "stranger", "operator20"))
    proposed = match_of(world, "owner", "operator20")
    ids = {"lead": lead, "quoted": quoted, "proposed": proposed, "question": question, "need": world.needs["owner"]}
    world.ids |= {name: str(row.uuid) for name, row in ids.items()}
    world.ids["number"] = world.needs["owner"].number


def match_of(world: World, need: str, capability: str) -> Match:
    """The match of that need with that capability."""
    return Match.objects.select_related("need__zone", "capability__platform").get(
        need=world.needs[need], capability=world.capabilities[capability]
    )


def approved(world: World, need: str, capability: str) -> Match:
    """That match, as a lead."""
    match = match_of(world, need, capability)
    match_review(actor=world.actor("admin"), match=match, approve=True)
    work_off()
    world.clock.tick()
    return match_of(world, need, capability)


def _odds(world: World) -> None:
    operator, owner, admin = world.actor("operator"), world.actor("owner"), world.actor("admin")
    capability, need = world.capabilities["operator0"], world.needs["owner"]
    rows = {
        "capability": capability,
        "platform": capability.platform,
        "job": ImportJobFactory.create(organization=operator.organization, created_by=operator.user),
        "office_job": ImportJobFactory.create(organization=admin.organization, created_by=admin.user),
        "campaign": CampaignFactory.create(zone=admin.zone, created_by=admin.user),
        "certificate": Certificate.objects.filter(platform=capability.platform).get(),
        "robot": Robot.objects.create(
            organization=operator.organization,
            kind="wecom",
            name="值班群",
            address="https://qyapi.weixin.qq.com/a",
            is_active=False,
        ),
        "member": owner.user,
        "invitation": Invitation.objects.create(
            organization=owner.organization,
            email="colleague@example.com",
            language="zh-hans",
            invited_by=owner.user,
            expires_at=timezone.now() + timedelta(days=7),
        ),
    }
    rows["consent"] = ContactConsent.objects.create(
        user=owner.user, match=world.ids["quoted"], version="1", at=timezone.now()
    )
    words_note([Candidate("微囊化", "微囊化")], source="need", key=str(need.uuid), zone_code=need.zone.code)
    rows["word"] = UnknownWord.objects.get(word="微囊化")
    world.ids |= {name: str(row.uuid) for name, row in rows.items()}
    world.ids["rules"] = RulesVersionFactory.create(of_zone=True, zone=admin.zone, number=1, approves_itself=False).name
    LearnedForm.objects.create(kind="process", form="发酵罐", value="发酵", listings=4, together=3)
    _feed, world.ids["feed"] = feed_open(actor=operator)
    Membership.objects.filter(user=operator.user).update(is_manager=True)


def _sign_in(world: World, name: str) -> None:
    user: User = world.parties[name].user
    notice = Notification.objects.filter(recipient=user).order_by("id").first()
    if notice:
        world.ids[f"notice of {name}"] = world.ids["notice"] = str(notice.uuid)
    store = SessionStore()
    store["_auth_user_id"] = str(user.pk)
    store["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    store["_auth_user_hash"] = user.get_session_auth_hash()
    store.create()
    row = UserSession.objects.create(
        user=user, session=Session.objects.get(pk=store.session_key), seen_at=timezone.now()
    )
    world.ids[f"session of {name}"] = str(store.session_key)
    world.ids["session"] = str(row.uuid)
    world.clock.tick()
