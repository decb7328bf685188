"""Where the platform should be: regions asked for, ruled out, or said not to matter."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice

from .clauses import Clauses
from .entries import Found, Term
from .lexicon import Lexicon

_ANYWHERE = re.compile(
    r"国内外(?:平台|机构|单位)?(?:都|均|皆|不限|平台)|国内(?:或|和|、)?国外(?:都|均|皆)|海内外(?:都|均)|境内外(?:都"
    r"|均|不限)|国内国外都|不限国内外|国内外不限"
    r"|(?:地域|地区|区域|地点|位置|城市)不限|不限(?:地域|地区|区域|地点|位置|城市)|全国(?:各地|范围)?(?:都|均|内?都"
    r"|范围)|哪里都(?:可|行)|去哪里?都"
    r"|any country|anywhere(?! in )|any location|location (?:is )?(?:open|flexible)"
)
_ABROAD = re.compile(r"国外|境外|海外|abroad|overseas|foreign")
_HOME = re.compile(r"国内|境内|中国大陆|大陆境内|domestic\b|in china|within china")
_MAY = re.compile(
    r"可以?|也能|也行|都行|均可|都可|亦可|能接受|也考虑|也看|都看|可接受|寄料|寄样|试机|排队|acceptable|also|fine"
    r"|ok\b|welcome|possible|would work|too\b"
)
_MAY_TOO = re.compile(r"也|亦|不限")
_NEVER_ABROAD = re.compile(
    r"不(?:能|可|得|许|出|接受|考虑|要|想|允许|送)[^，。;]{0,6}(?:出境|国外|境外|海外|国门|出国)|不出国|不出境"
)
_WANTED = re.compile(
    r"优先|最好|首选|为佳|更好|必须|只要|只考虑|仅限|限于|限在|须在|要在|需在|希望在|务必在|落在|放在|位置在|地点|的就(?:好|行)|的即可"
    r"|区域|就近|附近|周边|本地|当地|一带|周围|以内|省内|市内|区内|境内"
    r"|located in|based in|must be in|prefer|ideally|only in|plant in|site in|facility in|partner in"
    r"|anywhere in|within|\bonly\b"
)
_HOPED = re.compile(r"(?:希望|想|倾向|考虑)(?:是|在|到|去|找|选)?$")
_NEAR_AFTER = re.compile(
    r"^(?:省|市|区|境)?(?:内|周边|附近|本地|当地|一带|地区|范围)?的?(?:[^，。;,]{0,6})?(?:平台|园区|基地|厂|中试|线"
    r"|单位|机构|场地|工厂|实验室|车间|企业合作|服务|优先|最好|首选)"
)
_IN_BEFORE = re.compile(r"(?:\bin|\bwithin|located in|based in|across|from|anywhere in) (?:the )?$")
_SELF = re.compile(
    r"(?:我司|我们|我公司|本公司|公司|企业|总部|团队|我方|我厂|本司)[^，。;,]{0,6}(?:位于|地处|坐落|在"
    r"|是)[^，。;,]{0,4}$|^在[^，。;,]{0,3}$"
    r"|(?:we are|our (?:company|site|plant|lab|team)|company|headquartered|startup|start-up)[^.;,]{0,20}(?:in"
    r"|from) (?:the )?$"
)
_SELF_AFTER = re.compile(
    r"^[^，。;,]{0,3}(?:做|研发|生产|注册|的?(?:一家|企业|公司)|有限|大学|学院|某|company|-based|based company"
    r"|startup|start-up)"
)
_LINK = re.compile(r"^[省市]?(?:\Z| ?(?:或者?|和|及|与|、|/|,|or|and|跟|以及) ?(?:在|是|the |in )? ?\Z)")
_HARD = re.compile(
    r"必须|务必|一定|只要|只考虑|只在|仅限|限于|须|位置在|位于|[省市区境]内|must|located in|only|in europe|need"
)
_SOFT = re.compile(r"优先|最好|首选|为佳|更好|希望|想|就近|本地|prefer|ideally")
HOME = "CN"
_MOST = 40  # places of each sort; keeps a text of nothing but places linear


@dataclass(frozen=True, slots=True)
class Place:
    """A region condition before it is written: codes of which any one suffices."""

    codes: tuple[str, ...]
    op: str
    hard: bool
    start: int
    end: int


def places(clauses: Clauses, found: list[Found], lexicon: Lexicon, *, body: int) -> list[Place]:
    """Every condition on where the platform should be, in order; a title's place counts where the body names none."""
    groups = _groups(clauses, [item for item in found if item.of("region")])[:_MOST]
    asked = [place for group in groups if (place := _asked(clauses, group, lexicon)) is not None]
    out = _abroad_and_home(clauses, asked)
    for place in asked:
        widened = _permitted(place, asked) if place.op == "may" else place
        # What is widened so (Denmark; Sweden also works) was no must; a mere preference stays beside it.
        out = [other for other in out if not (other.hard and set(other.codes) < set(widened.codes))]
        out.append(widened)
    said = [place for place in out if place.start >= body] or out
    return sorted(_once(said), key=lambda place: place.start)


def _groups(clauses: Clauses, found: list[Found]) -> list[list[Found]]:
    """Names joined by 或, 、, or: one condition with alternatives."""
    groups: list[list[Found]] = []
    for place in found:
        last = groups[-1][-1] if groups else None
        if last is not None and _is_inside(place, last):
            groups[-1][-1] = replace(place, start=last.start)
        elif last is not None and _LINK.match(clauses.text.lower[last.end : place.start]):
            groups[-1].append(place)
        else:
            groups.append([place])
    return groups


def _is_inside(place: Found, last: Found) -> bool:
    """浙江杭州 is one place: the narrower name right behind its province."""
    return place.start - last.end <= 1 and place.of("region")[0].parent == last.of("region")[0].code


def _asked(clauses: Clauses, group: list[Found], lexicon: Lexicon) -> Place | None:
    start, end = group[0].start, group[-1].end
    clause = clauses.at(start)
    before, after = clauses.before(start, 20), clauses.after(end, 16)
    if _SELF_AFTER.search(after) or (_SELF.search(before) and not _WANTED.search(after)):
        return None
    codes = tuple(dict.fromkeys(code for name in group for code in _codes(name, lexicon)))
    alone = end - start >= len(clause.lower.strip("，。,;.!? \n")) - 1
    wanted = bool(_WANTED.search(clause.lower) or _HOPED.search(before) or alone)
    if not (wanted or _NEAR_AFTER.search(after) or _IN_BEFORE.search(before) or _MAY.search(after)):
        return None
    may = _MAY_TOO if all(_is_home(code) for code in codes) else _MAY
    allowed = may.search(clause.lower) and not wanted and not before.rstrip().endswith("位于")
    hard = bool(_HARD.search(clause.lower) or _IN_BEFORE.search(before)) and not _SOFT.search(clause.lower)
    return Place(codes, "may" if allowed else "require", hard, start, end)


def _codes(name: Found, lexicon: Lexicon) -> tuple[str, ...]:
    """Codes the exchange format uses: clusters become their provinces, zones their city."""
    term = name.of("region")[0]
    level = term.attributes.get("level")
    if level == "cluster":
        return term.listed("members")
    return (_city(term, lexicon).code,) if level == "zone" else (term.code,)


def _city(term: Term, lexicon: Lexicon) -> Term:
    return lexicon.term("region", term.parent) or term


def _permitted(place: Place, asked: list[Place]) -> Place:
    """欧洲也能接受 after 新加坡优先 widens the wish; alone it only says that abroad is allowed."""
    earlier = [other for other in asked if other.op == "require" and other.start < place.start]
    if earlier and not any(_is_home(code) for other in earlier for code in other.codes):
        codes = tuple(dict.fromkeys([*earlier[-1].codes, *place.codes]))
        return Place(codes, "require", False, place.start, place.end)
    return Place((HOME,), "not_required", False, place.start, place.end)


def _is_home(code: str) -> bool:
    return code == HOME or code[:2].isdigit()


def _abroad_and_home(clauses: Clauses, asked: list[Place]) -> list[Place]:
    lower, out = clauses.text.lower, list[Place]()
    for match in islice(_ANYWHERE.finditer(lower), _MOST):
        out.append(Place((HOME,), "not_required", False, match.start(), match.end()))
    for match in islice(_NEVER_ABROAD.finditer(lower), _MOST):
        out.append(Place((HOME,), "require", True, match.start(), match.end()))
    for match in islice(_ABROAD.finditer(lower), _MOST):
        if _free(match, out) and _MAY.search(clauses.at(match.start()).lower):
            out.append(Place((HOME,), "not_required", False, match.start(), match.end()))
    for match in islice(_HOME.finditer(lower), _MOST):
        if _free(match, out) and not _covered(match, asked) and _names_market(clauses, match) is None:
            wish = _SOFT.search(clauses.at(match.start()).lower)
            out.append(Place((HOME,), "require", not wish, match.start(), match.end()))
    return out


def _names_market(clauses: Clauses, match: re.Match[str]) -> re.Match[str] | None:
    """国内首创, 国内空白, 国内市场: the state of the art, not a place."""
    return re.search(
        r"^(?:首|空白|领先|市场|尚|没有|暂无|同行|先进|现有|外|已有|目前|需求|企业|多家|厂家|唯一|技术|水平|标准|法规|注册|上市)",
        clauses.after(match.end(), 6),
    )


def _free(match: re.Match[str], out: list[Place]) -> bool:
    return all(match.end() <= place.start or place.end <= match.start() for place in out)


def _covered(match: re.Match[str], asked: list[Place]) -> bool:
    return any(place.start <= match.start() < place.end for place in asked)


def _once(out: list[Place]) -> list[Place]:
    kept: dict[tuple[tuple[str, ...], str], Place] = {}
    for place in out:
        kept.setdefault((place.codes, place.op), place)
    return list(kept.values())
