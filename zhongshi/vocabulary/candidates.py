"""Words of weight that the vocabulary does not know: what a review queue is made of. Pure: text in, words out."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import rjieba

from .reading import Lexicon
from .reading.normalise import NormalText, form_key, normalise
from .reading.sources import DATA_FOLDER

MAX_WORD = 24
_MOST = 60
# Where one of these stands in the tag, a word of the trade ends: particles, prepositions, adverbs, counts, pronouns …
_BREAKS = frozenset("updcmqrftswyeo")
# 苯并噁嗪, 聚乳酸, 二氧化硅: the segmenter's everyday dictionary tears the syllables of chemistry apart.
_CHEMISTRY = re.compile(
    "[一二三四五六双单多聚对邻间异正叔仲顺反环全偏亚次过]?"
    "[甲乙丙丁戊己庚辛壬癸苯萘蒽菲噁噻咪吡呋喹吲嘌嘧噌酞嗪唑啶喃啉哚酚醇醛酮酸酯醚胺腈脲肼肟砜烷烯炔氟氯溴碘硼硅硫磷"
    "氨羟羧羰巯酰酐芴芳蒎莰萜甾糖苷肽锂钠钾钙镁铝钛锆铪钒铌钽铬钼钨锰铁钴镍铂钯铑钌铱铜银金锌镓铟锡锑铋镧铈钕镝氧氢氮氦碳"
    "并联基代化聚缩脱水合盐二三四五六双多环]{2,16}(?:(?<=化合)物)?"
)
_RARE_SYLLABLES = re.compile(
    r"[苯萘蒽菲噁噻咪吡呋喹吲嘌嘧酞嗪唑啶喃啉哚酚醛酮酯醚胺腈脲肼肟砜烷烯炔羟羧羰巯酰酐芴萜甾苷肽]"
)
_RUN = re.compile(r"[\u4e00-\u9fff]+|[A-Za-z][A-Za-z0-9+-]*|[^\u4e00-\u9fffA-Za-z]+")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
# MOCVD, LiPF6, Ti-6Al-4V; a plain small word of an English text is told from everyday English by nothing.
_CODE = re.compile(r"^(?=.*[A-Z].*[A-Z0-9]|.*[a-z]-?\d)[A-Za-z][A-Za-z0-9+-]{2,}$")
# Single syllables a cut leaves at the edges: 升 of 500 升, 做, 含.
_LOOSE = frozenset(
    "升吨克米片批台套条只个座间做含到可各年近加带拟细出大小多单双产建设有为用经按将把向等类内外上下中前后"
    "需想找能只现属要每再此该其仅对"
)
_LOOSE_BEFORE = _LOOSE | frozenset("级型式性化")
_LOOSE_BEHIND = _LOOSE | frozenset("线室")
_NUMERALS = frozenset("一二三四五六七八九十百千万亿两几半零约")
_COUNTED = re.compile(r"(?<=[\d一二三四五六七八九十百千万亿两几半])\s*[升吨克米片批台套条只个座间层级巴瓦伏安赫寸]")
_PLURAL = re.compile(r"^[A-Z]{2,}s$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word as it was written, and the form under which it is one word however it is written."""

    word: str
    folded: str


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    text: str
    is_break: bool
    is_plain: bool = False


def unknown_candidates(text: str, lexicon: Lexicon, *, unread: Iterable[str] = ()) -> tuple[Candidate, ...]:
    """Words outside every recognised term, each once, in order of appearance; at most sixty.

    `unread` are phrases a reader gave up on (`NeedReading.unread`); they are taken first, under the same rules.
    Counts, units, function words and everyday words of the business (平台, 提供) cut words and are no words. A word
    of everyday words alone is left out. Chinese words have 2 to 24 characters; Latin ones count where they look
    like a code or a formula (MOCVD, LiPF6), or stand in a Chinese text.
    """
    found: dict[str, Candidate] = {}
    for part in (*unread, text):
        for word in _words(normalise(part), lexicon):
            folded = form_key(word)
            if folded not in found and len(found) < _MOST:
                found[folded] = Candidate(word, folded)
    return tuple(found.values())


def similar_forms(word: str, lexicon: Lexicon, *, most: int = 5) -> list[tuple[str, str, str]]:
    """(kind, code, form) of the terms whose forms share most letters pairs with `word`, best first, each term once."""
    wanted = _pairs(form_key(word))
    scored: dict[tuple[str, str], tuple[float, str]] = {}
    for form in lexicon.forms():
        shared = len(wanted & (pairs := _pairs(form.form)))
        score = 2 * shared / (len(wanted) + len(pairs)) if shared else 0.0
        if score > max(0.24, scored.get((form.kind, form.code), (0.0, ""))[0]):
            scored[form.kind, form.code] = score, form.form
    best = sorted(scored.items(), key=lambda item: (-item[1][0], item[0]))[:most]
    return [(kind, code, form) for (kind, code), (_score, form) in best]


def is_known(word: str, lexicon: Lexicon) -> bool:
    """Whether the whole word is a form of some term by now."""
    normal = normalise(word)
    return any((item.start, item.end) == (0, len(normal.lower)) for item in lexicon.find(normal))


def _pairs(word: str) -> set[str]:
    return {word[at : at + 2] for at in range(len(word) - 1)}


def _words(normal: NormalText, lexicon: Lexicon) -> Iterator[str]:
    covered = bytearray(len(normal.plain))
    for item in lexicon.find(normal):
        covered[item.start : item.end] = b"\x01" * (item.end - item.start)
    for unit in _COUNTED.finditer(normal.plain):
        covered[unit.start() : unit.end()] = b"\x01" * (unit.end() - unit.start())
    is_chinese = bool(_CHINESE.search(normal.plain))
    for is_break, group in groupby(_tokens(normal.plain, covered), key=lambda token: token.is_break):
        tokens = [] if is_break else _trimmed(list(group))
        word = normal.plain[tokens[0].start : tokens[-1].end] if tokens else ""
        if not all(token.is_plain for token in tokens) and _has_weight(word, is_chinese=is_chinese):
            yield word


def _trimmed(tokens: list[_Token]) -> list[_Token]:
    """Without the loose syllables at the edges."""
    while tokens and tokens[0].text in _LOOSE_BEFORE:
        tokens = tokens[1:]
    while tokens and tokens[-1].text in _LOOSE_BEHIND:
        tokens = tokens[:-1]
    return tokens


def _has_weight(word: str, *, is_chinese: bool) -> bool:
    if not 2 <= len(word) <= MAX_WORD:
        return False
    if _CHINESE.search(word):
        is_count = len(word) == 2 and word[0] in _NUMERALS
        return not is_count and any(letter not in _LOOSE | _NUMERALS for letter in word)
    if word in _everyday() or _PLURAL.match(word):
        return False
    return bool(_CODE.match(word)) or (is_chinese and len(word) >= 4 and word.isascii() and word.isalpha())


def _tokens(plain: str, covered: bytearray) -> Iterator[_Token]:
    for run in _RUN.finditer(plain):
        if not (_CHINESE.match(run[0]) or run[0][0].isalpha()):
            yield _Token(run.start(), run.end(), run[0], is_break=True)
        elif run[0].isascii():
            # 1L-200L: what follows a figure is its unit.
            counted = run.start() > 0 and plain[run.start() - 1].isdigit()
            is_break = counted or run[0] in _everyday() or any(covered[run.start() : run.end()])
            yield _Token(run.start(), run.end(), run[0], is_break)
        else:
            yield from _chinese(run[0], run.start(), covered)


def _chinese(run: str, offset: int, covered: bytearray) -> Iterator[_Token]:
    """The tokens of a run of Chinese; what a known term covers, even in part, breaks."""
    at = 0
    for name in _CHEMISTRY.finditer(run):
        if _RARE_SYLLABLES.search(name[0]):
            yield from _segmented(run[at : name.start()], offset + at, covered)
            start, at = offset + name.start(), name.end()
            yield from _split(_Token(start, offset + at, name[0], is_break=False), covered)
    yield from _segmented(run[at:], offset + at, covered)


def _segmented(run: str, offset: int, covered: bytearray) -> Iterator[_Token]:
    at = offset
    for word, tag in rjieba.tag(run) if run else ():
        end = at + len(word)
        role = _role(word)
        is_break = role == "cut" or (tag[0] in _BREAKS and role is None)
        yield from _split(_Token(at, end, word, is_break), covered)
        at = end


def _split(token: _Token, covered: bytearray) -> Iterator[_Token]:
    """The token, cut where a known term begins or ends inside it."""
    for known, places in groupby(range(token.start, token.end), key=lambda place: bool(covered[place])):
        inside = list(places)
        text = token.text[inside[0] - token.start : inside[-1] + 1 - token.start]
        role = _role(text)
        is_break = token.is_break or known or role == "cut"
        yield _Token(inside[0], inside[-1] + 1, text, is_break, role == "plain")


def _role(word: str) -> str | None:
    """Two everyday words in one (工艺技术) are one as well."""
    roles = {_everyday().get(part) for part in (word[:2], word[2:])} if len(word) == 4 else {None}
    compound = None if None in roles else "cut" if "cut" in roles else "plain"
    return _everyday().get(word) or compound


@lru_cache(maxsize=1)
def _everyday() -> dict[str, str]:
    """Words of every brochure and letter: "cut" ends a word, "plain" says nothing unless it stands with others."""
    with (DATA_FOLDER / "everyday_words.csv").open(encoding="utf-8", newline="") as file:
        return {row["form"]: row["role"] for row in csv.DictReader(file)}
