"""Cut the font of the PDF reports from Noto Sans CJK SC: `python tools/report_font.py [NotoSansCJK-Regular.ttc]`.

Kept: GB 2312 (6763 characters and its symbols), what the list of standard characters (通用规范汉字表) adds, many of
them in names of people, Latin, Greek, units and signs, and whatever else our own words, vocabulary and demonstration
data use. Written again only when those words outgrow it; a test says when. What Noto Sans CJK itself lacks (ł, ₂) typst
takes from a font it carries.
The licence (SIL OFL 1.1) reserves the name “Source”; the cut font has a name of its own all the same.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

CHECKOUT = Path(__file__).resolve().parents[1]
SOURCE = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
TARGET = CHECKOUT / "zhongshi" / "print" / "fonts" / "ZhongshiSans-Regular.otf"
STANDARD = CHECKOUT / "tools" / "standard_characters.txt"  # those of the list that GB 2312 lacks
FAMILY = "Zhongshi Sans"
FACE = "Noto Sans CJK SC"
_DATA = ("zhongshi/vocabulary/data", "matching", "platforms", "requests", "zhongshi")
_SIGNS = (
    "‐‑–—―‘’“”†‡•…‰′″※℃℉ℓ№™Ω℮⅓⅔←↑→↓↔⇒−×÷±∓≈≠≤≥∞√∑∫°²³¹⁰⁴⁵⁶⁷⁸⁹⁻₀₁₂₃₄₅₆₇₈₉"
    "㎡㎥㎏㎎㎜㎝㎞■□▲△●○◆◇★☆✓✗￥€£¥\u00a0\u2009\u202f"
)


def characters() -> set[str]:
    """Every character a report must be able to show."""
    named = STANDARD.read_text(encoding="utf-8")
    wanted = {*_gb2312(), *_latin(), *_SIGNS, *named, *"".join(_our_words())}
    return {character for character in wanted if character.isprintable()}


def _gb2312() -> Iterator[str]:
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            yield from bytes((row, cell)).decode("gb2312", errors="ignore")


def _latin() -> Iterator[str]:
    for first, last in ((0x20, 0x7E), (0xA0, 0x17F), (0x370, 0x3FF), (0xFF01, 0xFF5E), (0x3000, 0x303F)):
        yield from map(chr, range(first, last + 1))


def _our_words() -> Iterator[str]:
    for path in (CHECKOUT / "zhongshi" / "locale").rglob("*.po"):
        for entry in polib.pofile(str(path)):
            yield from (entry.msgid, entry.msgstr, *entry.msgstr_plural.values())
    for folder in _DATA:
        for pattern in ("*.csv", "*.json", "*.jsonl"):
            yield from (path.read_text(encoding="utf-8") for path in sorted((CHECKOUT / folder).rglob(pattern)))


def cut(source: Path) -> TTFont:
    """The named face of the collection, with only our characters and without what a printed page has no use for."""
    faces = TTCollection(str(source)).fonts
    font: TTFont = next(face for face in faces if face["name"].getDebugName(1) == FACE)
    options = subset.Options(layout_features=["kern", "locl", "vert"], name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14])
    options.drop_tables += ["VORG", "DSIG", "BASE"]
    options.notdef_outline = True
    options.hinting = False
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(sorted(characters())))
    cutter.subset(font)
    _rename(font)
    return font


def _rename(font: TTFont) -> None:
    words = {1: FAMILY, 2: "Regular", 3: f"{FAMILY} 1", 4: f"{FAMILY} Regular", 6: "ZhongshiSans-Regular"}
    for record in font["name"].names:
        if record.nameID in words:
            record.string = words[record.nameID]
    top = font["CFF "].cff
    top.fontNames[0] = words[6]
    top.topDictIndex[0].FullName, top.topDictIndex[0].FamilyName = words[4], FAMILY
    font["head"].modified = font["head"].created


def main() -> int:
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    font = cut(source)
    font.recalcTimestamp = False
    font.save(str(TARGET))
    print(f"{TARGET.name}: {len(font.getBestCmap())} characters, {TARGET.stat().st_size / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
