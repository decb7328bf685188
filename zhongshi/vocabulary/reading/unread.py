"""Words of weight that no vocabulary knows: in a list of operations, the strange one is an operation too.

A need says 关键工序为 fluorination、析晶、浓缩; the vocabulary may know only the last. What the others are is told by
the list they stand in, so a listing that uses the same words can be found before anybody has entered them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from .clauses import Clause, Clauses
from .entries import Found
from .lexicon import Lexicon
from .modality import is_background
from .negation import is_lacking, is_past, may_take_back, polarity
from .normalise import normalise

_KINDS = ("process", "material", "qualification")
_CUES = {
    "process": re.compile(
        r"工序|工艺|步骤|单元操作|操作|流程|环节|process steps?|unit operations?|steps? (?:is|are|:)"
    ),
    "qualification": re.compile(r"资质|认证|许可|证书|体系|持有|取得|certif|licen[cs]e|accredit"),
    "material": re.compile(r"(?:拟?开展|计划完成|需?对|承接|生产|开发|试制|放大)|pilot|scale[ -]?up|produc"),
}
_SEPARATOR = re.compile(
    r"、|/|;|→|(?<=[\u4e00-\u9fff])-(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])(?:以及|和|及|与|或)(?=[\u4e00-\u9fffa-z])"
)
# What leads into a list and what follows it, at the edges of its first and last member.
_LEAD = re.compile(
    r"^.*(?:工序|工艺|步骤|操作|流程|环节)(?:主要)?(?:为|是|有|包括|涉及|包含|需要)?:?"
    r"|^.*(?:需要|需用|需对|需|涉及|包括|包含|具备|具有|拥有|擅长|可开展|开展|进行|承接|计划完成|完成|开发|生产|持有|取得|通过"
    r"|需要做|要做|可做|能做|做过|不做|要求|采用|经过|含|对)"
)
_TAIL = re.compile(
    r"(?:等|的|之)(?:[^a-z].*)?$|(?:工程化|产业化|规模化|中试|小试|放大|试制|量产|资质|认证|许可证?|证书|单元操作|工序|工艺"
    r"|项目|能力|条件|设备|平台|产品|步骤|进行|验证)+.*$"
)
# 需要 and nothing but a name: what a need asks for so is an operation.
_ASKED = re.compile(r"^(?:需要?|要做|需做|采用)[a-z\u4e00-\u9fff -]{2,16}[。,;]?\s*$")
_WORD = re.compile(r"[\u4e00-\u9fff]{2,10}|[a-z][a-z0-9-]*(?: [a-z0-9-]+){0,3}")
# A permit is called the same with and without it; an operation never ends so.
_PAPER = re.compile(r"(?:认证|资质|证书)+$")
_NAME = re.compile(r"^[\u4e00-\u9fffa-z0-9β() -]{2,24}$")
_NO_NAME = re.compile(
    r"(?<![a-z])\d|我们|我司|我方|希望|需要|可以|请|如|验证|效应|平台|企业|公司|合作|服务|资料|数据|费用|报价|协议|人员|时间|周期|预算|要求|情况|已|后续"
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """An unread phrase and what it must be: `kind` process, material or qualification; `text` in normal form.

    `start` is where it begins in the normal form.
    """

    kind: str
    text: str
    start: int = field(default=0, compare=False)


def unread_phrases(title: str, text: str, lexicon: Lexicon) -> tuple[Phrase, ...]:
    """Members of the lists in a need's text that the lexicon does not know, each once, in order of appearance."""
    clauses = Clauses(normalise(f"{title}\n{text}"))
    phrases = _phrases(clauses.all, lexicon.find(clauses.text))
    # Asked first: what is told of the past in one place may be asked for in the next.
    return tuple(dict.fromkeys(phrase for phrase in phrases if _is_asked(clauses, phrase)))


def _is_asked(clauses: Clauses, phrase: Phrase) -> bool:
    start, end = phrase.start, phrase.start + len(phrase.text)
    is_told = is_past(clauses, start) or is_background(clauses, start, end, behind=False)
    return not is_told and polarity(clauses, start, end) == "require"


def offered_phrases(clauses: Clauses, found: Sequence[Found]) -> tuple[Phrase, ...]:
    """The same of a listing's text in which `found` was found; what is not offered (any more) is left out."""
    offered = (clause for clause in clauses.all if _is_offered(clauses, clause))
    return tuple(dict.fromkeys(_phrases(offered, found)))


def offered_text(text: str) -> str:
    """A listing in normal form, without the clauses on what is not there (不具备…) or what was once (曾为…)."""
    normal = normalise(text)
    if not may_take_back(normal.lower):
        return normal.lower
    clauses = Clauses(normal)
    return "。".join(clause.lower for clause in clauses.all if _is_offered(clauses, clause))


def _is_offered(clauses: Clauses, clause: Clause) -> bool:
    return not (is_lacking(clauses, clause.end - 1) or is_past(clauses, clause.start))


def _phrases(some: Iterable[Clause], found: Sequence[Found]) -> Iterator[Phrase]:
    starts = [item.start for item in found]
    for clause in some:
        inside = found[bisect_left(starts, clause.start) : bisect_left(starts, clause.end)]
        yield from _of_clause(clause, [item for item in inside if item.end <= clause.end])


def _of_clause(clause: Clause, inside: Sequence[Found]) -> Iterator[Phrase]:
    kind = _kind_of(clause, inside)
    if kind is None:
        return
    for start, member in _members(clause):
        phrase = _PAPER.sub("", member) if kind == "qualification" else member
        if not (_NAME.match(phrase) and _WORD.search(phrase)) or _NO_NAME.search(phrase):
            continue
        end = start + len(phrase)
        covered = sum(max(0, min(item.end, end) - max(item.start, start)) for item in inside)
        if len(phrase) - covered >= 2:
            yield Phrase(kind, phrase, start)


def _kind_of(clause: Clause, inside: Iterable[Found]) -> str | None:
    """What the list holds: what its known members are, else what the words around it say."""
    known = [term.kind for item in inside for term in item.terms if term.kind in _KINDS]
    if known and ("、" in clause.lower or len(known) > 1):
        return max(_KINDS, key=known.count)
    if _ASKED.match(clause.lower):
        return "process"
    return next((kind for kind in _KINDS if _CUES[kind].search(clause.lower)), None)


def _members(clause: Clause) -> Iterator[tuple[int, str]]:
    cuts = [(0, 0), *((match.start(), match.end()) for match in _SEPARATOR.finditer(clause.lower))]
    ends = [cut[0] for cut in cuts[1:]] + [len(clause.lower)]
    for number, ((_, begin), end) in enumerate(zip(cuts, ends, strict=True)):
        piece = clause.lower[begin:end]
        lead = _LEAD.match(piece) if number == 0 else None
        skipped = lead.end() if lead else 0
        body = piece[skipped:].rstrip("。,.;! \n")
        stripped = (_TAIL.sub("", body) if number == len(ends) - 1 else body).strip()
        if stripped:
            yield clause.start + begin + skipped + body.index(stripped), stripped
