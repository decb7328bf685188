"""What operators and the zone's office have in the demo: weeks, a certificate to review, imports, a campaign."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from platforms.enums import SlotState
from platforms.models import Capability, Platform
from platforms.services.capacity import SlotEntry, monday_of, slots_state
from platforms.services.certificates import CertificateEntry, certificate_submit
from platforms.services.import_drafts import draft_create, import_submit
from requests.services.campaigns import CampaignInput, campaign_save
from zhongshi.accounts.actors import Actor

# The second line lacks its name, so that the report has something to report.
_SHEET = (
    "平台名称,能力名称,简介,工艺,参数\n"
    "示例冻干车间,果粉冻干线,每批可处理鲜果一吨,冷冻干燥,容积 500 L\n"
    "示例冻干车间,,固体饮料打样,喷雾干燥,容积 200 L\n"
)


def supply_state(*, operator: Actor, importer: Actor, office: Actor) -> None:
    """State twelve weeks of `operator`'s lines, hand in a certificate, import two sheets of `importer`, and announce
    a campaign of `office`."""
    _weeks(operator)
    _certificate(operator)
    import_submit(actor=importer, file_name="冻干车间.csv", content=_SHEET.encode())
    draft_create(actor=importer, file_name="待整理.csv", content=_SHEET.replace("参数", "规格").encode())
    today = timezone.localdate()
    campaign_save(
        actor=office,
        entered=CampaignInput(
            title="精细化工中试需求征集",
            title_en="Call for pilot needs in fine chemicals",
            text="征集小试已完成、需要工艺放大的精细化工项目，园区集中撮合。",
            text_en="For projects in fine chemicals that are proven in the laboratory and ready to be scaled up.",
            opens_on=today - timedelta(days=7),
            closes_on=today + timedelta(days=40),
            chains=["石化化工"],
        ),
    )


def _weeks(operator: Actor) -> None:
    lines = Capability.objects.filter(platform__organization=operator.organization).order_by("position")
    first = monday_of(timezone.localdate())
    states = [SlotState.BOOKED] * 3 + [SlotState.FREE] * 4 + [SlotState.MAINTENANCE] + [SlotState.FREE] * 3
    entries = [
        SlotEntry(capability=line, week=first + timedelta(weeks=number), state=state)
        for line in lines
        for number, state in enumerate(states)
    ]
    slots_state(actor=operator, entries=entries)


def _certificate(operator: Actor) -> None:
    today = timezone.localdate()
    certificate_submit(
        actor=operator,
        platform=Platform.objects.filter(organization=operator.organization).earliest("pk"),
        entry=CertificateEntry(
            qualification="CMA",
            number="示例-2026-0001",
            issuer="示例发证机关",
            scope="工艺用水与产品检测",
            valid_from=today - timedelta(days=700),
            valid_until=today + timedelta(days=25),
        ),
    )
