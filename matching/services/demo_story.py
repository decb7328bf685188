"""What has happened in the demo so far: a few needs in every state, so that no workspace begins empty.

Everything goes through the same services as in earnest, by the demo's own accounts; only the times are moved back
afterwards, because a desk whose every answer took no time at all would show nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from matching.enums import DeclineReason, MatchStatus
from matching.models import Match, Question, Quote
from requests.disclosure import Reader
from requests.enums import Medium, Visibility
from requests.models import Need
from requests.services.disclosing import need_disclose, reason_give
from requests.services.needs import NeedInput, need_post, need_return
from zhongshi.accounts.actors import Actor, actor_of
from zhongshi.accounts.models import User
from zhongshi.core import outbox
from zhongshi.core.models import OutboxEvent

from .choosing import match_choose
from .demo_supply import supply_state
from .leads import QuoteInput, lead_accept, lead_ask, lead_decline, lead_quote
from .reading import lead_read
from .review import match_review
from .signing import lead_sign

KEY = "demo-story"
_AT_ONCE = ("need.opened", "need.closed", "import.submitted")


@dataclass(frozen=True, slots=True)
class Chapter:
    """One need, who posts it, how many days ago, and what the others did about it."""

    username: str
    title: str
    text: str
    days_ago: int
    as_draft: bool = False
    then: Callable[[Need], None] | None = None
    visibility: str = Visibility.MATCHED


def story_tell() -> int:
    """Post the demo's needs and let its accounts act on them; once. Returns how many needs were posted."""
    if Need.objects.filter(idempotency_key__startswith=KEY).exists():
        return 0
    for number, chapter in enumerate(CHAPTERS, start=1):
        _tell(chapter, f"{KEY}-{number}")
    supply_state(operator=_actor("operator3"), importer=_actor("operator4"), office=_actor("admin"))
    _work_off()
    return len(CHAPTERS)


def _tell(chapter: Chapter, key: str) -> None:
    entered = NeedInput(title=chapter.title, text=chapter.text, visibility=chapter.visibility)
    need, _ = need_post(actor=_actor(chapter.username), entered=entered, idempotency_key=key, as_draft=chapter.as_draft)
    _work_off()
    if chapter.then:
        chapter.then(need)
        _work_off()
    _move_back(need, timedelta(days=chapter.days_ago))


def _actor(username: str) -> Actor:
    actor = actor_of(User.objects.get(username=username))
    assert actor is not None  # noqa: S101 - the demo has just given this account an organization
    return actor


def _work_off() -> None:
    """Score and load what waits. The demo has no worker yet; where there is one, the claim keeps both from doing it
    twice."""
    waiting = OutboxEvent.objects.filter(state=OutboxEvent.State.PENDING, topic__in=_AT_ONCE)
    for event_id in waiting.order_by("id").values_list("id", flat=True):
        outbox.run(event_id)


def _lead(need: Need, external_id: str) -> Match | None:
    """The match of `need` with that capability, approved by hand where the zone's rule did not."""
    match = Match.objects.filter(need=need, capability__external_id=external_id).first()
    if match and match.status == MatchStatus.PROPOSED:
        match_review(actor=_actor("admin"), match=match, approve=True, note="工艺对口，请平台确认细节。")
        match.refresh_from_db()
    return match


def _asked(need: Need) -> None:
    if match := _lead(need, "cn-029-2"):
        lead_ask(actor=_actor("operator4"), match=match, text="果粉要求的溶解时间和堆密度是多少？原料由谁提供？")


def _quoted(need: Need) -> None:
    if match := _lead(need, "cn-029-1"):
        lead_quote(actor=_actor("operator4"), match=match, offer=_offer("360000", days=35))


def _declined(need: Need) -> None:
    if match := _lead(need, "cn-022-1"):
        reason = "本季度釜位已订满，明年三月后可再联系。"
        lead_decline(actor=_actor("operator3"), match=match, reason=reason, code=DeclineReason.NO_CAPACITY)


def _accepted(need: Need) -> None:
    if match := _lead(need, "cn-022-1"):
        lead_accept(actor=_actor("operator3"), match=match)


def _chosen(need: Need) -> None:
    if match := _lead(need, "cn-022-1"):
        lead_quote(actor=_actor("operator3"), match=match, offer=_offer("528000", days=50))
        match.refresh_from_db()
        match_choose(actor=_actor("enterprise3"), match=match)


def _waiting(need: Need) -> None:
    _lead(need, "cn-022-1")
    _lead(need, "cn-022-2")


def _returned(need: Need) -> None:
    need_return(actor=_actor("admin"), need=need, note="请补充批次、每批产量和物料的危险特性，便于平台判断。")


def _signed(need: Need) -> None:
    """Under a confidentiality agreement: signed and read by the operator, opened by the office with a reason."""
    operator, office = _reader("operator4"), _reader("admin")
    if match := _lead(need, "cn-029-2"):
        lead_read(reader=operator, match=match)
        lead_sign(reader=operator, match=match, name="孙果", agrees=True)
        lead_read(reader=operator, match=match)
    reason_give(reader=office, need=need, reason="企业来电请办公室协助核对工艺条件")
    need_disclose(reader=office, need=need)


def _reader(username: str) -> Reader:
    return Reader.of(_actor(username), Medium.PAGE, None)


def _offer(amount: str, *, days: int) -> QuoteInput:
    total, today = Decimal(amount), timezone.localdate()
    trial = (total * Decimal("0.7")).quantize(Decimal("1"))
    lines = [
        {"name": "试验费", "amount": str(trial)},
        {"name": "物料与分析", "amount": str(total - trial)},
    ]
    return QuoteInput(
        amount=total,
        valid_until=today + timedelta(days=30),
        start=today + timedelta(days=14),
        days=days,
        lines=lines,
        note="含三废处置；物料由委托方提供时另计。",
    )


def _move_back(need: Need, by: timedelta) -> None:
    """Let it have begun `by` ago, and its answers have taken five hours."""
    answered = timedelta(hours=5) if by else timedelta()
    Need.objects.filter(pk=need.pk).update(created_at=need.created_at - by)
    for match in Match.objects.filter(need=need):
        times = {"created_at": match.created_at - by}
        if match.reviewed_at:
            times["reviewed_at"] = match.reviewed_at - by
        if match.answered_at:
            times["answered_at"] = match.answered_at - by + answered
        Match.objects.filter(pk=match.pk).update(**times)
    for model, field in ((Quote, "quoted_at"), (Question, "asked_at")):
        for row in model.objects.filter(match__need=need):
            model.objects.filter(pk=row.pk).update(**{field: getattr(row, field) - by + answered})


# The places keep these needs away from the platforms of the accounts that begin with nothing.
CHAPTERS = (
    Chapter(
        "enterprise3",
        "头孢类中间体工艺放大",
        "头孢类中间体小试已完成，计划做工艺放大，化学合成路线四步，必须甲类厂房，必须在甘肃。预算60万元以内，2027年6月前启动。",
        days_ago=21,
        then=_chosen,
    ),
    Chapter(
        "enterprise4",
        "苹果浓缩浆与发酵果汁中试",
        "苹果浓缩浆和发酵果汁配方已定型，想找果蔬加工中试线做三批，必须在山东。预算50万元以内。",
        days_ago=9,
        then=_quoted,
    ),
    Chapter(
        "enterprise3",
        "含氟中间体加氢放大",
        "含氟中间体小试已完成，需要工艺放大和化学合成，必须甲类厂房，必须在甘肃。每批约200公斤，预算80万元。",
        days_ago=6,
        then=_declined,
    ),
    Chapter(
        "enterprise4",
        "冻干果粉与固体饮料打样",
        "果蔬粉干燥和固体饮料打样，必须在山东，预算20万元以内。",
        days_ago=2,
        then=_asked,
    ),
    Chapter(
        "enterprise3",
        "香料中间体工艺熟化",
        "香料中间体需要工艺放大，化学合成配套，必须在甘肃，甲类厂房。预算80万元以内。",
        days_ago=1,
        then=_accepted,
    ),
    Chapter(
        "enterprise3",
        "农药中间体放大与检测",
        "农药中间体工艺放大，化学合成，配套检验检测，必须在甘肃，必须甲类厂房。预算90万元以内。",
        days_ago=0,
        then=_waiting,
    ),
    Chapter(
        "enterprise3",
        "聚酰亚胺前驱体 300–500 L 中试放大",
        "我们开发了一种聚酰亚胺前驱体，小试 2 L 已稳定，计划放大到 300–500 L 做 3 批，每批约 60 kg。反应温度 -10～"
        "180℃，溶剂为 NMP，全程氮气保护，要求防爆车间。最好在江浙沪，2027 年 3 月前启动，预算 80 万以内。",
        days_ago=0,
    ),
    Chapter("enterprise3", "锂电正极材料烧结", "锂电正极材料烧结中试，想尽快。", days_ago=3, then=_returned),
    Chapter(
        "enterprise4",
        "乳清蛋白喷雾干燥",
        "乳清蛋白浓缩液喷雾干燥中试，每小时蒸发水量 100 公斤以上，食品级。",
        days_ago=0,
        as_draft=True,
    ),
    Chapter(
        "enterprise4",
        "益生菌果粉包埋保护工艺放大",
        "益生菌包埋后与果蔬粉混合，需要果蔬粉干燥和固体饮料打样，必须在山东，预算30万元以内。包埋壁材配比签署保密协议后提供。",
        days_ago=1,
        then=_signed,
        visibility=Visibility.NDA,
    ),
)
