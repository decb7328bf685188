"""Conditions that name a term: process, material, qualification, stage, service, hazard, chain."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from .alternatives import alternatives
from .clauses import Clauses
from .entries import Found, Term
from .lexicon import Lexicon
from .mention import Mention
from .modality import is_background, is_done, is_hard, is_wish
from .model import Op
from .negation import is_owned, polarity

KINDS = frozenset({"process", "qualification", "stage", "service", "hazard", "material", "chain"})
_HARD_BY_NATURE = frozenset({"qualification", "hazard"})
_ALREADY_THERE = frozenset({"process", "stage", "service", "hazard", "qualification"})
# Finished goods carry their industry with them where an operation of the trade is named too; materials and
# intermediates are used by many.
_TRADES_OF_GOODS = {
    "PHARMA": frozenset({"PHARMA", "BIO", "CHEM"}),
    "AI": frozenset({"ROBOT", "MECH", "TEST"}),
    "MEDDEV": frozenset({"MED", "POLY", "MECH", "TEST"}),
    "AERO": frozenset({"MECH", "TEST", "FIELD"}),
    "LOWALT": frozenset({"FIELD", "TEST", "MECH"}),
    "QUANTUM": frozenset({"QUANT", "IC"}),
    "EQUIP": frozenset({"MECH", "TEST", "H2"}),
    "TERMINAL": frozenset({"MECH", "TEST", "IC", "SW"}),
}
_TRADE = re.compile(r" ?(?:行业|产业|领域|方向|赛道|企业|公司|类|链|industry|sector|field|compan|business)")
_TRADE_BEFORE = re.compile(
    r"(?:面向|属于?|从事|聚焦|专注|本项目|主营|行业:?|产业:?|领域:?|field:|sector:)[^，。;,]{0,4}$"
)
# What a product is for is no industry of the need's own: 用于航空领域的胶.
_USED_IN = re.compile(r"(?:用于|应用于|用在|服务于|供应|下游|客户|for use in|used in|for the)[^，。;]{0,8}$")
_TRADE_NAMED = re.compile(r"行业|产业|经济|[a-z] [a-z]")
_APPLICATION = re.compile(r"^(?:里|中|上|领域|行业)?(?:用|使用|应用)(?!的?是)")
_SOLVENT = re.compile(r"(?:溶剂|介质)(?:是|为|用|含)?$")
_REPLACED = re.compile(r"(?:替代|代替|取代|不是|而非|类似|instead of|replac\w{1,6})[^，。;,]{0,3}$")
_TEST = re.compile(r"测试|检测|试验|台架|全项|测评|考核|评测|做性能|跑性能|(?<![a-z])test")
_SEPARABLE = re.compile(r"可以分开|分开做|哪段能做|分段|分别找|可拆分|can be split|separately")
# Where the narrower operation is named, the family's general word adds nothing.
_GENERAL_TEST = "检验检测"
_FAMILIES = frozenset({"SEP", "TEST", "FOOD", "MIN"})
# Stuffs others make too: their name alone asks for no operation where one is named.
_STUFFS = frozenset({"PHARMA", "BAT", "POLY", "CHEM", "BIO", "SEP", "COAT"})


def mentions(clauses: Clauses, found: Iterable[Found], lexicon: Lexicon, *, body: int) -> list[Mention]:
    """Every term meant as a condition, body (from position `body`) before title, each value once."""
    ordered = sorted(found, key=lambda item: (item.start < body, item.start))
    raw = [mention for item in ordered for term in item.terms if (mention := _mention(clauses, item, term)) is not None]
    raw += _tests(clauses, lexicon)
    kept = _once(_not_both(clauses, raw)) or _once(_dropped(ordered))
    processes = _processes(clauses, [item for item in kept if item.kind == "process"], lexicon)
    stages = _stages([item for item in kept if item.kind == "stage"], body)
    others = [item for item in kept if item.kind not in ("process", "stage")]
    hazards, chains = _hazards(processes, others, lexicon), _chains(kept, lexicon)
    return alternatives([*processes, *stages, *others, *hazards, *chains], clauses)


def _mention(clauses: Clauses, item: Found, term: Term) -> Mention | None:
    if term.kind not in KINDS or (term.kind in ("chain", "material") and not _is_meant(clauses, item, term)):
        return None
    op: Op = polarity(clauses, item.start, item.end, is_hazard=term.kind == "hazard")
    if op != "require" and term.kind in ("material", "chain"):
        return None
    if op == "require" and term.kind == "qualification" and is_owned(clauses, item.start):
        op = "not_required"
    elif op == "require" and term.kind in _ALREADY_THERE and _is_there(clauses, item, term):
        return None
    hard = False
    if op != "not_required" and term.kind not in ("chain", "material"):
        hard = is_hard(clauses, item.start, op == "exclude" or term.kind in _HARD_BY_NATURE)
    implied = term.kind == "process" and (item.is_head or bool(item.of("material")))
    return Mention(term.kind, term.value, op, hard, item.start, item.end, 0.6 if implied else 0.9, implied)


def _is_there(clauses: Clauses, item: Found, term: Term) -> bool:
    """Whether the asker already has or did it; an operation done on a small scale is still the one wanted."""
    if is_background(clauses, item.start, item.end, behind=False):
        return True
    return term.kind in ("stage", "qualification") and is_done(clauses, item.end)


def _is_meant(clauses: Clauses, item: Found, term: Term) -> bool:
    before, after = clauses.before(item.start, 12), clauses.after(item.end, 8)
    if term.kind == "chain":
        if _USED_IN.search(before):
            return False
        return bool(_TRADE.match(after) or _TRADE_NAMED.search(item.form) or _TRADE_BEFORE.search(before))
    return not (_APPLICATION.match(after) or _REPLACED.search(before) or _SOLVENT.search(before))


def _not_both(clauses: Clauses, raw: list[Mention]) -> list[Mention]:
    """不做硝化, 做酯化: where another word asks for the same term, ruling out one of its kinds rules out nothing."""
    lower = clauses.text.lower
    asked: dict[tuple[str, str], set[str]] = {}
    for item in raw:
        if item.op == "require":
            asked.setdefault((item.kind, item.value), set()).add(lower[item.start : item.end])
    return [
        item
        for item in raw
        if item.op != "exclude" or not asked.get((item.kind, item.value), set()) - {lower[item.start : item.end]}
    ]


def _dropped(found: list[Found]) -> list[Mention]:
    """What stands in a text that only tells of what is there: better an unsure condition than none."""
    return [
        Mention(term.kind, term.value, "require", False, item.start, item.end, 0.4)
        for item in found
        for term in item.of("process")[:1]
    ]


def _once(raw: list[Mention]) -> list[Mention]:
    """Each kind and value once; what is said not to matter or ruled out beats a bare mention."""
    kept: dict[tuple[str, str], Mention] = {}
    for mention in raw:
        key = mention.kind, mention.value
        known = kept.get(key)
        if (
            known is None
            or (known.op == "require" and mention.op != "require")
            or (known.implied and not mention.implied and mention.op == "require")
        ):
            kept[key] = mention
    return list(kept.values())


def _tests(clauses: Clauses, lexicon: Lexicon) -> list[Mention]:
    """A plain word of testing beside its object names the special test (电芯 … 全项测试 → 电池测试)."""
    out = []
    for clause in clauses.all:
        test = _TEST.search(clause.lower)
        named = next((value for word, value in _test_objects(lexicon) if word in clause.lower), None) if test else None
        if test is None or named is None:
            continue
        start = clause.start + test.start()
        if not is_background(clauses, start, start + 1, behind=False):
            out.append(Mention("process", named, "require", False, start, clause.start + test.end(), 0.7))
    return out


@lru_cache(maxsize=4)
def _test_objects(lexicon: Lexicon) -> tuple[tuple[str, str], ...]:
    """Words of things that are tested with the special test each asks for, the longest first."""
    objects = ((word.lower(), term.value) for term in lexicon.terms("process") for word in term.listed("test_objects"))
    return tuple(sorted(objects, key=lambda pair: -len(pair[0])))


def _processes(clauses: Clauses, asked: list[Mention], lexicon: Lexicon) -> list[Mention]:
    """Leave out what others say better, and mark the first process, the need's heart, as a must."""
    wanted = {item.value for item in asked if item.op == "require"}
    redundant = _redundant(wanted, lexicon)
    plain = {item.value for item in asked if item.op == "require" and not item.implied} - redundant - {_GENERAL_TEST}
    kept = [
        item
        for item in asked
        if item.op != "require"
        or (item.value not in redundant and not (item.implied and _says_little(item, plain, lexicon)))
    ]
    first = next((item for item in kept if item.op == "require"), None)
    if first is None or _SEPARABLE.search(clauses.text.lower) or is_wish(clauses, first.start):
        return kept
    return [replace(item, hard=True) if item is first else item for item in kept]


def _redundant(wanted: set[str], lexicon: Lexicon) -> set[str]:
    """General words beside a narrower one of their family, and steps a dosage form consists of."""
    out: set[str] = set()
    for value in wanted:
        term = lexicon.term("process", value)
        if term is None:
            continue
        steps = (lexicon.canonical("process", code) for code in term.listed("steps"))
        out.update(step for step in steps if step)
        parents = (lexicon.term("process", parent) for parent in lexicon.broader("process", value))
        out.update(parent.value for parent in parents if parent and parent.attributes.get("family") in _FAMILIES)
    return out


def _says_little(item: Mention, plain: set[str], lexicon: Lexicon) -> bool:
    """Whether an operation only a product stands for is beside the point: others are named, none broader."""
    term = lexicon.term("process", item.value)
    if not plain or term is None or plain & set(lexicon.broader("process", item.value)):
        return False
    if _is_test(item.value, lexicon):
        return not any(_is_test(value, lexicon) for value in plain)
    return term.attributes.get("family", "") in _STUFFS or bool(lexicon.narrower("process", item.value))


def _is_test(process: str, lexicon: Lexicon) -> bool:
    return lexicon.broader("process", process)[-1:] == (_GENERAL_TEST,)


def _stages(asked: list[Mention], body: int) -> list[Mention]:
    """The text's stage beats the title's; 中试 says more than 放大, and anything says more than 小试."""
    said = [item for item in asked if item.start >= body] or asked
    values = {item.value for item in said if item.op == "require"}
    weak = {"LAB"} | ({"SCALE"} if values - {"SCALE", "LAB"} else set())
    return [item for item in said if item.value not in weak or values <= {item.value}]


def _hazards(processes: list[Mention], others: list[Mention], lexicon: Lexicon) -> list[Mention]:
    """Hazards an operation brings with it (加氢: 氢气), where the text does not speak of them."""
    spoken = {item.value for item in others if item.kind == "hazard"}
    out: dict[str, Mention] = {}
    for item in processes:
        term = lexicon.term("process", item.value) if item.op == "require" else None
        for code in term.listed("hazards") if term else ():
            value = lexicon.canonical("hazard", code)
            if value and value not in spoken:
                out.setdefault(value, replace(item, kind="hazard", value=value, hard=True, confidence=0.7))
    return list(out.values())


def _chains(kept: list[Mention], lexicon: Lexicon) -> list[Mention]:
    """Where the text names no industry: the one two things of it speak for.

    Two products of one industry do, and so does a finished product with an operation of its own trade.
    """
    if any(item.kind == "chain" for item in kept):
        return []
    families = {
        term.attributes.get("family", "")
        for item in kept
        if item.kind == "process" and item.op == "require" and (term := lexicon.term("process", item.value))
    }
    products: dict[str, Mention] = {}
    for item in kept:
        term = lexicon.term("material", item.value) if item.kind == "material" else None
        code = term.attributes.get("chain", "") if term else ""
        chain = lexicon.canonical("chain", code) if code else None
        if chain and (code in products or _TRADES_OF_GOODS.get(code, frozenset()) & families):
            return [Mention("chain", chain, "require", False, item.start, item.end, 0.6)]
        products[code] = item
    return []
