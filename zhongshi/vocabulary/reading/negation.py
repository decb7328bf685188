"""What is said not to matter, not to be wanted, or not to be there."""

from __future__ import annotations

import re
from typing import Literal

from .clauses import Clauses

Polarity = Literal["require", "exclude", "not_required"]

_NEEDLESS = re.compile(
    r"(?:不需要?|无需|无须|不必|不用|不要求|不强制|没有?要求|不涉及|不要|免(?=gmp|环评)|不一定要|不限|并非必须"
    r"|可以没有|可以不"
    r"|no need for|not need|not required|not needed|without|do not require|don't need|does not need|not necessary)"
    r"[^，。;,]{0,8}$"
)
_NEEDLESS_AFTER = re.compile(
    r"^[^，。;,]{0,6}(?:不需要|无需|不要求|不强制|不是必须|不必须|不作要求|不做要求|没有也行|没有也可以|可以?没有|可有可无"
    r"|不限|自备|自理|自行解决"
    r"|我们自己有|is not required|not required|not needed|not necessary|is optional)"
)
_REFUSED = re.compile(
    r"(?:不接受|不考虑|不做|不能做|拒绝|谢绝|排除|禁止|不得|不允许|不可以?|不能(?:有|用|是|含)|不含|不想|请勿|除了?"
    r"|杜绝|避免|严禁|不希望"
    r"|not interested in|exclud(?:e|ing)|except|no (?=fermentation|subcontract|outsourc|radio|animal)"
    r"|must not|not accept|avoid|rather than|not suitable|other than)[^，。;,]{0,8}$"
)
_UNACCEPTABLE = re.compile(r"(?:不接受|不考虑|拒绝|谢绝|排除)[^，。;,]{0,8}$")
_ABSENT = re.compile(r"(?:无|非|不含|不涉及|(?<!有)没有|free of |non |\bno )$")
_REFUSED_AFTER = re.compile(
    r"^[^，。;,]{0,6}(?:除外|免谈|不做|勿扰|不考虑|不接受|不行|不可以|excluded|not accepted|not acceptable)"
)
_OWNED = re.compile(
    r"(?:我们|我司|我方|公司|企业|本公司|厂里)?(?:自己)?(?:有|已有|自有|具备|自备|现有|拥有)[^，。;,]{0,10}$"
    r"|(?:we have|we own|our own|we already have)[^,.;]{0,20}$"
)
_OWNER = re.compile(r"我们|我司|我方|自己|自有|自备|本公司|厂里|we (?:already )?have|we own|our own")
_LACKS = (
    "不具备|不承接|暂不|不提供|无法|不能|不可|没有|尚无|尚未|未通过|未取得|缺乏|不支持|不含|不做|不涉及|暂无"
    "|目前没有|不接|停用|not available|does not|do not|cannot|no longer|without|not offer|unable"
)
_ONCE = "曾为|曾经?|提供咨询|服务过|曾服务|formerly|used to|客户包括|合作单位"
_LACKING = re.compile(rf"{_LACKS}|(?:^|[、 ])无$")
_PAST = re.compile(_ONCE)
_TAKEN_BACK = re.compile(rf"{_LACKS}|无|{_ONCE}")
_PLANNED = re.compile(r"拟建|规划|在建|筹建|二期|planned|under construction|announced|待建|计划建设")


def polarity(clauses: Clauses, start: int, end: int, *, is_hazard: bool = False) -> Polarity:
    """How the words at ``start:end`` of a need are meant: asked for, ruled out, or said not to matter.

    A bare 无 or "no" rules a hazard out (无放射性), and says of anything else that it does not matter (无GMP要求).
    """
    before, after = clauses.before(start, 24), clauses.after(end, 24)
    if _NEEDLESS.search(before) or _NEEDLESS_AFTER.search(after):
        return "not_required"
    if _REFUSED.search(before) or _REFUSED_AFTER.search(after):
        return "exclude"
    if _ABSENT.search(before):
        return "exclude" if is_hazard else "not_required"
    return "require"


def is_refused(clauses: Clauses, start: int, end: int) -> bool:
    """Whether the words are what the asker does not want (5nm以下不做, 不需要500升的)."""
    before = clauses.before(start, 14)
    return bool(
        _REFUSED_AFTER.search(clauses.after(end, 10)) or _NEEDLESS.search(before) or _UNACCEPTABLE.search(before)
    )


def is_owned(clauses: Clauses, start: int) -> bool:
    """Whether the asker says of the words that they have it themselves (我们自己有GMP车间)."""
    before = clauses.before(start, 24)
    return bool(_OWNED.search(before) and _OWNER.search(before))


def is_lacking(clauses: Clauses, start: int) -> bool:
    """Whether a listing says it does *not* have the words (不具备溅射条件, 暂不承接刻蚀类项目)."""
    clause = clauses.at(start)
    return bool(_LACKING.search(clause.lower[: start - clause.start]))


def is_past(clauses: Clauses, start: int) -> bool:
    """Whether a listing only tells of former customers (曾为…企业提供咨询)."""
    return bool(_PAST.search(clauses.at(start).lower))


def may_take_back(lower: str) -> bool:
    """Whether `is_lacking` or `is_past` could be true anywhere in the normal form of a text; they are not where not."""
    return bool(_TAKEN_BACK.search(lower))


def is_planned(clauses: Clauses, start: int) -> bool:
    """Whether a listing speaks of what is not built yet."""
    return bool(_PLANNED.search(clauses.at(start).lower))
