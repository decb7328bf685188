"""Rows for tests. Every factory makes a row that is valid by itself; tests name only what they are about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory, Password

from matching.enums import MatchStatus
from matching.models import Match, Question, Quote, RulesVersion, ScoringRun
from platforms.enums import FactKind, ListingStatus
from platforms.models import Capability, Certificate, Fact, ImportJob, Platform
from requests.enums import ConditionOrigin, NeedStatus
from requests.models import Agreement, Campaign, Condition, Need, NeedRevision
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import OrganizationKind, Role
from zhongshi.accounts.models import Membership, Organization, User, Zone

PASSWORD = "correct-horse-battery"
_KIND_OF = {
    Role.ENTERPRISE: OrganizationKind.ENTERPRISE,
    Role.OPERATOR: OrganizationKind.OPERATOR,
    Role.PROVIDER: OrganizationKind.PROVIDER,
    Role.ZONE_ADMIN: OrganizationKind.ZONE,
    Role.NETWORK_ADMIN: OrganizationKind.ZONE,
}


class ZoneFactory(DjangoModelFactory[Zone]):
    class Meta:
        model = Zone

    code = factory.Sequence(lambda n: f"Z{n}")
    name = factory.Sequence(lambda n: f"第{n}高新区")


class OrganizationFactory(DjangoModelFactory[Organization]):
    class Meta:
        model = Organization

    name = factory.Sequence(lambda n: f"机构{n}")
    kind = OrganizationKind.ENTERPRISE
    zone = factory.SubFactory(ZoneFactory)
    contact_name = factory.LazyAttribute(lambda row: f"{row.name}联系人")
    contact_phone = factory.Sequence(lambda n: f"028-{n:08d}")
    contact_email = factory.Sequence(lambda n: f"contact{n}@example.com")


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"person{n}")
    email = factory.LazyAttribute(lambda row: f"{row.username}@example.com")
    password = Password(PASSWORD)


def make_actor(role: Role, zone: Zone, *, organization: Organization | None = None, **user: Any) -> Actor:
    """Create a person with `role` in `organization`, or in a new one of `zone`."""
    organization = organization or OrganizationFactory.create(zone=zone, kind=_KIND_OF[role])
    person = UserFactory.create(**user)
    Membership.objects.create(user=person, organization=organization, role=role)
    return Actor(user=person, organization=organization, role=role)


class PlatformFactory(DjangoModelFactory[Platform]):
    """A published platform; give `organization` for one that somebody runs here."""

    class Meta:
        model = Platform

    zone = factory.SubFactory(ZoneFactory)
    external_id = factory.Sequence(lambda n: f"cn-{n:03d}")
    name = factory.Sequence(lambda n: f"中试平台{n}")
    operator_name = "某研究院"
    country = "CN"
    region = "510100"
    city = "成都"
    chains = factory.LazyFunction(lambda: ["生物制造"])
    source_url = "https://example.com/list"
    source_date = "2025-12-25"
    source_grade = "A"
    status = ListingStatus.PUBLISHED


class CapabilityFactory(DjangoModelFactory[Capability]):
    """A published capability of a published platform; it has no facts until FactFactory gives it some."""

    class Meta:
        model = Capability

    platform = factory.SubFactory(PlatformFactory)
    external_id = factory.Sequence(lambda n: f"cn-{n:03d}-1")
    name = factory.Sequence(lambda n: f"发酵中试线{n}")
    summary = "500L发酵罐三台"
    status = ListingStatus.PUBLISHED


class FactFactory(DjangoModelFactory[Fact]):
    """By default the process 发酵; `volume=True` makes it a 500 L vessel."""

    class Meta:
        model = Fact

    class Params:
        volume = factory.Trait(
            kind=FactKind.PARAMETER, value="", quantity="volume", low=500, high=500, unit="L", text="500L发酵罐"
        )

    capability = factory.SubFactory(CapabilityFactory)
    kind = FactKind.PROCESS
    value = "发酵"
    text = "发酵"
    source_date = "2025-12-25"


class NeedFactory(DjangoModelFactory[Need]):
    """An open need at revision 1, its revision kept, without conditions."""

    class Meta:
        model = Need
        skip_postgeneration_save = True

    organization = factory.SubFactory(OrganizationFactory)
    zone = factory.SelfAttribute("organization.zone")
    number = factory.Sequence(lambda n: f"N-2026-{n:04d}")
    title = "乳球蛋白发酵中试"
    text = "需要500L发酵罐做中试，必须有GMP。"
    region = "510100"
    status = NeedStatus.OPEN

    @factory.post_generation
    def kept(self: Need, create: bool, extracted: Any, **kwargs: Any) -> None:  # type: ignore[misc]
        NeedRevision.objects.create(need=self, number=self.revision, title=self.title, text=self.text)


class AgreementFactory(DjangoModelFactory[Agreement]):
    """A signed agreement in force, over words of no weight; give `need` and `organization`."""

    class Meta:
        model = Agreement

    status = "active"
    need = factory.SubFactory(NeedFactory, visibility="nda")
    organization = factory.SubFactory(OrganizationFactory, kind=OrganizationKind.OPERATOR)
    signed_by = factory.SubFactory(UserFactory)
    typed_name = "陈立"
    version = "standard/1"
    words = "保密协议"
    digest = "0" * 64
    revision = 1


class CampaignFactory(DjangoModelFactory[Campaign]):
    """A public campaign that is open today."""

    class Meta:
        model = Campaign

    zone = factory.SubFactory(ZoneFactory)
    title = factory.Sequence(lambda n: f"第{n}批中试需求征集")
    text = "征集生物制造方向的中试需求。"
    opens_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=3))
    closes_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=10))
    created_by = factory.SubFactory(UserFactory)


class CertificateFactory(DjangoModelFactory[Certificate]):
    """A certificate that somebody has to look at."""

    class Meta:
        model = Certificate

    platform = factory.SubFactory(PlatformFactory)
    qualification = "GMP"
    number = factory.Sequence(lambda n: f"GMP-{n:05d}")
    issuer = "省药品监督管理局"
    scope = "口服固体制剂"
    valid_until = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=400))
    status = "submitted"
    status_changed_at = factory.LazyFunction(timezone.now)


class ConditionFactory(DjangoModelFactory[Condition]):
    """By default the hard process 发酵; `volume=True` asks for at least 500 L."""

    class Meta:
        model = Condition

    class Params:
        volume = factory.Trait(
            kind="parameter", value=None, quantity="volume", low=500, high=500, unit="L", op="covers", text="500L"
        )

    need = factory.SubFactory(NeedFactory)
    position = factory.LazyAttribute(lambda row: row.need.conditions.count())
    kind = "process"
    value = "发酵"
    text = "发酵"
    is_hard = True
    origin = ConditionOrigin.GIVEN


class RulesVersionFactory(DjangoModelFactory[RulesVersion]):
    """The installation's, with the engine's weights; `of_zone=True` with a zone is that zone's, with a policy."""

    class Meta:
        model = RulesVersion

    class Params:
        of_zone = factory.Trait(
            zone=factory.SubFactory(ZoneFactory), approves_itself=True, approval_score=60, lead_limit=10
        )

    number = factory.Sequence(lambda n: n + 1)
    weights = factory.LazyFunction(dict)


class ScoringRunFactory(DjangoModelFactory[ScoringRun]):
    class Meta:
        model = ScoringRun

    need = factory.SubFactory(NeedFactory)
    revision = factory.SelfAttribute("need.revision")
    rules_version = "r1"
    engine_version = "1"
    input_digest = "0" * 64
    duration_ms = 1.5
    candidates = 1
    funnel = factory.LazyFunction(lambda: [{"step": "all", "count": 3}, {"step": "process", "count": 1}])
    excluded = factory.LazyFunction(lambda: [{"reason": "fails", "kind": "process", "count": 2}])
    relaxations = factory.LazyFunction(list)
    routes = factory.LazyFunction(list)


class MatchFactory(DjangoModelFactory[Match]):
    """A proposed match; the traits `approved`, `accepted`, `quoted`, `declined` move it on with all that goes with it.

    `approved=True` is a lead that waits for its operator.
    """

    class Meta:
        model = Match

    class Params:
        reviewed = factory.Trait(
            reviewed_at=factory.LazyFunction(timezone.now),
            answer_due_at=factory.LazyFunction(lambda: timezone.now() + timedelta(hours=48)),
        )
        answered = factory.Trait(
            reviewed=True,
            answered_at=factory.LazyFunction(timezone.now),
            answered_by=factory.SubFactory(UserFactory),
        )
        approved = factory.Trait(reviewed=True, status=MatchStatus.APPROVED)
        accepted = factory.Trait(answered=True, status=MatchStatus.ACCEPTED)
        quoted = factory.Trait(answered=True, status=MatchStatus.QUOTED)
        declined = factory.Trait(answered=True, status=MatchStatus.DECLINED, decline_reason="档期已满")

    need = factory.SubFactory(NeedFactory)
    capability = factory.SubFactory(CapabilityFactory)
    run = factory.LazyAttribute(lambda row: row.need.runs.first() or ScoringRunFactory.create(need=row.need))
    rank = 1
    score = 80.0
    components = factory.LazyFunction(lambda: [{"name": "process", "weight": 1.0, "value": 0.8, "points": 80.0}])
    verdicts = factory.LazyFunction(
        lambda: [
            {
                "condition": 0,
                "kind": "process",
                "hard": True,
                "verdict": "pass",
                "evidence": {"text": "发酵", "source": "declared", "date": "2025-12-25"},
            }
        ]
    )
    status = MatchStatus.PROPOSED


class QuestionFactory(DjangoModelFactory[Question]):
    class Meta:
        model = Question

    match = factory.SubFactory(MatchFactory, approved=True)
    text = "料液粘度是多少？"
    asked_by = factory.SubFactory(UserFactory)


class QuoteFactory(DjangoModelFactory[Quote]):
    class Meta:
        model = Quote

    match = factory.SubFactory(MatchFactory, quoted=True)
    amount = "120000.00"
    valid_until = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))
    quoted_by = factory.SubFactory(UserFactory)


class ImportJobFactory(DjangoModelFactory[ImportJob]):
    class Meta:
        model = ImportJob

    organization = factory.SubFactory(OrganizationFactory, kind=OrganizationKind.OPERATOR)
    created_by = factory.SubFactory(UserFactory)
    file_name = "listings.jsonl"
