"""Terms of which any one will do: "CMA或CNAS", "GMP、GLP均可", "HACCP or FSSC 22000" are one condition, not two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from .clauses import Clauses
from .mention import Mention

_KINDS = ("qualification", "process", "service")
_NOUN = (
    r"(?:资质|认证|认可|证书|报告|体系|许可证?|车间|厂房|标准|条件|工艺|设备|装置|法|certificat\w{0,4}|approv\w{0,3})?"
)
_OR = re.compile(
    rf"^{_NOUN} ?[,，]? ?(?:或者?是?|亦或是?|抑或|or\b) ?(?:under |in |with |by )?"
    r"(?:具备|具有|持有|取得|通过|采用|有|是|an? |the )?$"
)
_LIST = re.compile(rf"^{_NOUN} ?(?:、|,|，|/|和|与|及|and\b) ?$")
_ANY = re.compile(
    rf"^{_NOUN} ?(?:等?(?:均|皆|都)(?:可|行|能接受)|任一|任意|任选|任何一|之一|其中(?:之)?一|其一|[二三]选一"
    r"|有一个?(?:即可|就行)"
    r"|(?:is|are|would be|either is) (?:fine|ok|acceptable|sufficient))"
)


def alternatives(named: list[Mention], clauses: Clauses) -> list[Mention]:
    """Make one condition of terms joined by 或, or of a list that ends in 均可; all others stay as they are."""
    out = list(named)
    for kind in _KINDS:
        asked = sorted((item for item in named if item.kind == kind and _can_join(item)), key=lambda item: item.start)
        for group in _groups(asked, clauses):
            out[out.index(group[0])] = _one(group)
            out = [item for item in out if item not in group[1:]]
    return out


def _can_join(item: Mention) -> bool:
    return item.op == "require"


def _groups(asked: list[Mention], clauses: Clauses) -> Iterator[list[Mention]]:
    """Runs of neighbours; operations in a list before 或 (离心、喷干或冻干) are steps of their own."""
    run, links = asked[:1], list[str]()
    for first, second in pairwise(asked):
        link = _link(clauses.text.lower[first.end : second.start])
        if link:
            run, links = [*run, second], [*links, link]
            continue
        yield from _meant(run, links, clauses)
        run, links = [second], []
    yield from _meant(run, links, clauses)


def _meant(run: list[Mention], links: list[str], clauses: Clauses) -> Iterator[list[Mention]]:
    if not links:
        return
    if _ANY.match(clauses.after(run[-1].end, 16)):
        yield run
        return
    if "or" not in links:
        return
    last = len(links) - 1 - links[::-1].index("or")
    first = links.index("or") if run[0].kind == "process" else 0
    if set(links[first : last + 1]) == {"or"} or run[0].kind != "process":
        yield run[first : last + 2]


def _link(between: str) -> str:
    if len(between) > 16:
        return ""
    return "or" if _OR.match(between) else "list" if _LIST.match(between) else ""


def _one(group: list[Mention]) -> Mention:
    """One condition of several: its words reach from the first to the last, and one must makes it a must."""
    values = tuple(dict.fromkeys(value for item in group for value in (item.value, *item.others)))
    return replace(
        group[0],
        others=values[1:],
        hard=any(item.hard for item in group),
        end=group[-1].end,
        confidence=min(item.confidence for item in group),
    )
