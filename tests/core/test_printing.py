"""Reports: what is handed in can be read off the PDF again, in our font, the same every time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import polib
import pypdfium2
import pytest
from django.utils import translation
from fontTools.ttLib import TTFont

from tools.report_font import TARGET, characters
from zhongshi.core import printing
from zhongshi.core.printing import Column, Cover, Marked, report

AT = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)
COVER = Cover(
    "撮合报告", "聚酰亚胺前驱体中试", AT, subtitle="N-2026-1", facts=[("需求方", "新纪元公司")], notes=["仅供参考"]
)
MESSAGES = Path(__file__).resolve().parents[2] / "zhongshi/locale/zh_Hans/LC_MESSAGES/django.po"


def pages(made: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(made)
    try:
        return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]
    finally:
        document.close()


@pytest.fixture(autouse=True)
def words() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield


def test_the_words_can_be_read_off_the_pages() -> None:
    blocks = [
        printing.heading("逐条对照"),
        printing.paragraph("共 2 条"),
        printing.table(
            [Column("条件", 3), Column("结论", 0)], [["温度 −10–180 ℃", Marked("满足", "ok")], ["m³", None]]
        ),
        printing.pairs([("启动", "2027-01-05")]),
        printing.bars([("工艺", 0.96, "96")]),
        printing.note("不满足硬性条件", tone="bad"),
        printing.items(["氮气保护"]),
    ]

    (page,) = pages(report(COVER, blocks))

    for text in ("撮合报告", "2026-11-21 10:30", "聚酰亚胺前驱体中试", "N-2026-1", "需求方 新纪元公司", "仅供参考"):
        assert text in page
    for text in ("逐条对照", "共 2 条", "温度 −10–180 ℃", "满足", "m³", "—", "启动 2027-01-05", "工艺 96", "氮气保护"):
        assert text in page
    assert "不满足硬性条件" in page
    assert page.rstrip().endswith("1 / 1")


def test_pages_are_numbered_and_the_hash_of_the_data_ends_the_last() -> None:
    rows = [[str(number)] for number in range(90)]

    made = pages(report(COVER, [printing.table([Column("号")], rows)]))

    total = len(made)
    assert total > 1
    assert [f"{place} / {total}" in page for place, page in enumerate(made, 1)] == [True] * total
    assert "SHA-256" not in "".join(made[:-1])
    assert "数据指纹（SHA-256）：" in made[-1].splitlines()[-2]


def test_the_same_data_gives_the_same_bytes_and_other_data_another_hash() -> None:
    once, again = (report(COVER, [printing.paragraph("甲")]) for _ in range(2))
    other = report(COVER, [printing.paragraph("乙")])

    assert once == again
    assert hash_of(once) != hash_of(other)
    assert len(hash_of(once)) == 64


def hash_of(made: bytes) -> str:
    return pages(made)[-1].split("SHA-256）：")[1].split()[0]


def test_data_is_only_text() -> None:
    text = '#import "/etc/passwd" $x$ *bold* `code` <label> @ref \\ \n#panic("no")'

    (page,) = pages(report(COVER, [printing.paragraph(text), printing.table([Column(text)], [[text]])]))

    assert page.count('#import "/etc/passwd" $x$ *bold* `code` <label> @ref') == 3


def test_no_word_of_ours_lacks_a_glyph() -> None:
    texts = [word for entry in polib.pofile(str(MESSAGES)) for word in (entry.msgstr, *entry.msgstr_plural.values())]
    wanted = sorted({character for character in "".join(texts) if not character.isspace()})

    read = "".join(pages(report(COVER, [printing.paragraph(" ".join(wanted))])))

    assert [character for character in wanted if character not in read] == []


def test_the_font_has_every_character_it_was_cut_for() -> None:
    """Fails when new words or demo data need another character: run `python tools/report_font.py`."""
    known = TTFont(str(TARGET)).getBestCmap()
    foreign = {character for character in characters() if ord(character) not in known}

    assert {character for character in foreign if "\u4e00" <= character <= "\u9fff"} == set()
    assert TARGET.stat().st_size < 4_000_000


def test_a_table_refuses_a_row_of_another_length() -> None:
    with pytest.raises(ValueError, match="2 cells for 1 columns"):
        printing.table([Column("a")], [["1", "2"]])


@pytest.mark.parametrize("text", ["Łódź", "H₂SO₄", "10⁻⁶", "喆堃镕"])
def test_rare_letters_fall_back_and_names_of_people_are_whole(text: str) -> None:
    assert text in pages(report(COVER, [printing.paragraph(text)]))[0]
