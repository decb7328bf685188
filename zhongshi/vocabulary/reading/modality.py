"""How firmly a thing is asked for, and whether it is asked for at all: musts, wishes, background."""

from __future__ import annotations

import re

from .clauses import Clauses

_MUST = re.compile(
    r"必须|务必|一定|须|硬性|严格要求|要求|要有|需要?有|需具备|需通过|得有|不可或缺|must\b|required?\b|requires\b"
    r"|mandatory"
    r"|has to\b|have to\b|need(?:s|ed)?\b|only\b|essential|只要|仅限|只考虑|限于"
)
_WISH = re.compile(
    r"最好|优先|更好|为佳|首选|如有|若有|尽量|尽可能|希望|可以?的话|加分|倾向|理想|也行|也可|更佳"
    r"|prefer|ideally|nice to have|would be good|if possible|optional|a plus|desirable|bonus"
)
# What is, was or will be elsewhere: not asked of the platform.
_BACKGROUND = re.compile(
    r"已经?|现有|现在是|现为|现用|自己有|公司有|厂里有|我司有|我们已|之前|此前|原来|原先|以前|过去|曾|做完|完成了|跑了|自有|自建|我们有|我们现有|手上有"
    r"|目前有|目前是"
    r"|后面|后期|将来|未来|远期|最终|日后|投产后|量产后|产业化后|放量后|落地后|下一步再|再上|规划|在建|拟建"
    r"|投入|投了|投资|融资|营收|产值|销售|市场|注册资本|成立|专利|团队|消耗|吨产品|吨耗|行业平均"
    r"|我们都有|自备|由我方|我方提供|我方已"
    r"|already|currently|existing|so far|we have\b|we own|has been|have been|were |was |completed|eventually|later\b"
    r"|in future"
    r"|in the future|future plant|invested|spent|our own|market|revenue|founded|annual sales"
)
_DONE = re.compile(
    r"[^，。;,]{0,6}?(?:已|做完|完成了|跑了|跑通|通过了|is done|was completed|has been|have been|completed)"
)
_TURN = re.compile(
    r"现需|现拟|现想|现在想|现在要|现要|希望|想|拟|需要|需|计划|要求|打算|准备|找|求|寻|要(?!是)|now need|now want"
    r"|looking for|need|want|would like"
)


def is_hard(clauses: Clauses, position: int, default: bool) -> bool:
    """Whether what stands at a position is a must; a wish in the clause beats the default, a must beats both."""
    clause = clauses.at(position).lower
    if _WISH.search(clause):
        return bool(re.search(r"必须|务必|一定|must\b", clause))
    return default or bool(_MUST.search(clause))


def is_wish(clauses: Clauses, position: int) -> bool:
    """Whether the clause at a position only wishes."""
    return bool(_WISH.search(clauses.at(position).lower))


def is_background(clauses: Clauses, start: int, end: int, *, behind: bool = True) -> bool:
    """Whether the words tell of what is there already, was spent, or comes later: not asked of the platform.

    A marker of background counts unless a word of wanting stands between it and the words; with `behind` also
    markers that follow the words (200升光反应器已跑了半年).
    """
    clause = clauses.at(start)
    here, after = start - clause.start, end - clause.start
    for match in _BACKGROUND.finditer(clause.lower):
        if match.start() >= after:
            return behind and (match.group().startswith("已") or not _TURN.search(clause.lower[after : match.start()]))
        if match.end() <= here and not _TURN.search(clause.lower[match.end() : here]):
            return True
    return False


def is_done(clauses: Clauses, end: int) -> bool:
    """Whether the words right before `end` are told as finished (小批量已经做完)."""
    return bool(_DONE.match(clauses.after(end, 16)))
