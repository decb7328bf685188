"""Products nobody listed: what is left of a title when every known word is taken away."""

from __future__ import annotations

import re

from .entries import Found
from .normalise import NormalText

_FILLER = re.compile(
    r"某|一种|新型|关于|用于|面向|基于|项目|需求|服务|委托|寻求|寻找|求|对接|合作|开发|研究|研发|生产|制备|规模化"
    r"|规模|产业化|连续化|工业化|工程化|国产化|工艺|技术|方案"
    r"|优化|改进|验证|测试|试验|检测|评价|条件|平台|机构|找|做|和|与|及|的|等|转|加|批次|批|线|级|步|法|高效|大型"
    r"|小型|落地|前景|诊断|代工|租线|替代|标准|全项|次|单套|以上|以下|以内|左右|户外|室内"
    r"|放大|中试|小试|试产|试制|量产|批量|保密|应用|示范|建设|采购|招标|急需|急|现|需|拟|对|在|为|或|到|从|由|把|将"
    r"|承接|外包|外协|升|吨|公斤|英寸|寸|罐|釜"
    r"|\d[\d.,]*|[a-z]{1,2}(?![a-z])"
)
_PIECE = re.compile(r"[\u4e00-\u9fffa-z0-9β-]+", re.IGNORECASE)
_LATIN_WORDS = re.compile(r"^[a-z0-9 -]+$", re.IGNORECASE)


def unknown_words(
    text: NormalText, end: int, found: list[Found], taken: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Spans of the title (up to `end`) that no vocabulary, amount or everyday word covers, longest first."""
    covered = bytearray(end)
    for start, stop in [(item.start, item.end) for item in found] + taken:
        covered[start : min(stop, end)] = b"\x01" * max(0, min(stop, end) - start)
    for match in _FILLER.finditer(text.lower, 0, end):
        covered[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
    pieces = [
        (start, stop)
        for piece in _PIECE.finditer(text.lower, 0, end)
        for start, stop in _open_runs(covered, piece.start(), piece.end())
        if stop - start >= 2 and not _LATIN_WORDS.match(text.lower[start:stop])
    ]
    return sorted(pieces, key=lambda span: (span[0] - span[1], span[0]))


def _open_runs(covered: bytearray, start: int, end: int) -> list[tuple[int, int]]:
    runs, begin = [], start
    for at in range(start, end + 1):
        if at == end or covered[at]:
            if at > begin:
                runs.append((begin, at))
            begin = at + 1
    return runs
