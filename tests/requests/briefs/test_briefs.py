"""Words out of uploaded briefs: Word, PDF, plain text; and every file that is not taken says why, by its name."""

from __future__ import annotations

import errno
import json
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx import Document
from docx.oxml import parse_xml

from requests.briefs import program
from requests.briefs.bounded import Limits, run
from requests.briefs.pdf import unwrapped
from requests.services.briefs import MAX_BYTES, brief_read
from tests.requests.briefs.files import locked_pdf, main_part, pdf, plain_pdf, repacked, saved, word
from zhongshi.core.errors import DomainError

pytestmark = pytest.mark.usefixtures("english")
TEXT = "需要500L发酵罐连续跑三批，必须有GMP。"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def refused(data: bytes, name: str = "任务书.docx", limits: Limits | None = None) -> str:
    """Why the file is not taken: the one message, which belongs to the field and names the file."""
    with pytest.raises(DomainError) as refusal:
        brief_read(name=name, data=data, limits=limits)
    assert refusal.value.errors is not None
    assert list(refusal.value.errors) == ["brief"]
    [message] = refusal.value.errors["brief"]
    assert str(message).startswith(f"“{name}” ")
    return str(message).removeprefix(f"“{name}” ")


def test_a_word_file_gives_paragraphs_and_table_rows() -> None:
    data = word("乳球蛋白中试任务书", TEXT, table=(("规模", "500 L", "三批"), ("压力", "0.6 MPa", "")))

    brief = brief_read(name="任务书.docx", data=data)

    assert brief.text == f"乳球蛋白中试任务书\n{TEXT}\n规模：500 L；三批\n压力：0.6 MPa"
    assert (brief.kind, brief.pages, brief.heading) == ("docx", None, "乳球蛋白中试任务书")


def test_fields_of_a_form_and_tables_within_tables_are_read_in_their_place() -> None:
    document = Document()
    document.add_paragraph("前")
    field = f"<w:sdt {_W}><w:sdtContent><w:p><w:r><w:t>表单里的话</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    document.element.body.insert(1, parse_xml(field))
    cell = document.add_table(1, 2).rows[0].cells
    cell[0].text = "温度"
    cell[1].add_table(1, 2).rows[0].cells[1].text = "80 ℃"

    assert brief_read(name="a", data=saved(document)).text == "前\n表单里的话\n温度：80 ℃"


def test_a_pdf_gives_its_lines_put_together() -> None:
    source = '#set page(width: 8cm, height: auto)\n#set text(font: ("Noto Sans CJK SC", "WenQuanYi Zen Hei"))\n'
    words = "A 500 L fermenter with GMP is needed for three batches in a row, at most 80 degrees, in Sichuan please."

    brief = brief_read(name="brief.pdf", data=pdf(source + words))

    assert (brief.text, brief.kind, brief.pages) == (words, "pdf", 1)


def test_a_pdf_written_by_hand_is_one_too_whatever_its_name() -> None:
    assert brief_read(name="brief.txt", data=plain_pdf("500 L, GMP")).text == "500 L, GMP"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_plain_text_is_read_in_its_encoding(encoding: str) -> None:
    brief = brief_read(name="brief.txt", data=f"{TEXT}\r\n\r\n\r\n第二段　500 L\r\n".encode(encoding))

    assert (brief.text, brief.kind) == (f"{TEXT}\n\n第二段 500 L", "txt")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty."),
        (b" \r\n\t", "is empty."),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "is no Word file"),
        (b"\x00\x01\x02\x03" * 50, "is no Word file"),
        (b"{\\rtf1 words}", "is no Word file"),
        (_OLE + b"\0" * 600, "is in the old Word format."),
        (_OLE + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600, "is protected by a password."),
        (b"PK\x03\x04" + b"\0" * 60, "is damaged"),
        (b"%PDF-1.4\nnothing more", "is damaged"),
    ],
    ids=["empty", "blank", "picture", "bytes", "rtf", "old-word", "locked-word", "cut-zip", "cut-pdf"],
)
def test_what_is_no_brief_says_why(data: bytes, said: str) -> None:
    assert refused(data).startswith(said)


def test_an_empty_word_file_is_empty() -> None:
    assert refused(word("", "  ")) == "is empty."


def test_another_office_file_is_no_word_file() -> None:
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")

    assert refused(stream.getvalue()).startswith("is no Word file")


def test_a_main_part_of_another_kind_is_no_word_file() -> None:
    data = word(TEXT)
    with ZipFile(BytesIO(data)) as archive:
        types = archive.read("[Content_Types].xml")
    macros = types.replace(b"wordprocessingml.document.main", b"wordprocessingml.template.main")

    assert refused(repacked(data, **{"[Content_Types]": macros})).startswith("is no Word file")


def test_a_locked_pdf_asks_for_a_copy_without_password() -> None:
    assert refused(locked_pdf()).startswith("is protected by a password.")


def test_a_scanned_pdf_has_pictures_and_no_words() -> None:
    assert refused(pdf("#rect(width: 5cm, height: 5cm, fill: black)")).startswith("holds pictures of pages")


def test_a_pdf_of_too_many_pages_is_not_read() -> None:
    assert refused(pdf("#for i in range(100) [500 L #pagebreak()]\nlast")).startswith("has more than 100 pages.")


def test_a_file_over_ten_megabytes_is_not_looked_at() -> None:
    assert refused(b"x" * (MAX_BYTES + 1)) == "is larger than 10 MB."


def test_a_zip_bomb_is_not_opened() -> None:
    data = repacked(word(TEXT), word__media=b"\0" * 61_000_000)

    assert len(data) < 200_000
    assert refused(data).startswith("unpacks to far more")


def test_a_zip_bomb_that_declares_less_is_not_opened() -> None:
    data = bytearray(repacked(word(TEXT), word__media=b"\0" * 61_000_000))
    # Size in the central directory and in the part's own head: both claim ten bytes.
    for place in range(len(data) - 4):
        if data[place : place + 4] == (61_000_000).to_bytes(4, "little"):
            data[place : place + 4] = (10).to_bytes(4, "little")

    assert refused(bytes(data)).startswith("is damaged")


def test_too_much_xml_is_not_parsed() -> None:
    data = repacked(word(TEXT), word__more=b"<a>" + b"<b/>" * 5_100_000 + b"</a>")

    assert refused(data).startswith("unpacks to far more")


def test_too_many_parts_are_not_opened() -> None:
    stream = BytesIO(word(TEXT))
    with ZipFile(stream, "a", ZIP_DEFLATED) as archive:
        for number in range(2_000):
            archive.writestr(f"word/{number}.bin", b"")

    assert refused(stream.getvalue()).startswith("unpacks to far more")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_with_its_own_entities_is_not_parsed(encoding: str) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;&x;&x;">]><a>&y;</a>'

    data = repacked(word(TEXT), word__styles=bomb.encode(encoding))

    assert refused(data).startswith("holds instructions")


def test_an_encoding_that_could_hide_entities_is_not_parsed() -> None:
    hidden = b'<?xml version="1.0" encoding="UTF-7"?>+ADw-!DOCTYPE a+AD4-<a/>'

    assert refused(repacked(word(TEXT), word__styles=hidden)).startswith("holds instructions")


def test_broken_xml_is_a_damaged_file() -> None:
    data = word(TEXT)

    assert refused(repacked(data, word__document=main_part(data)[:-20])).startswith("is damaged")


def test_a_file_that_takes_for_ever_is_ended() -> None:
    data = word(TEXT)
    body = main_part(data).replace(b"<w:body>", b"<w:body>" + b"<w:p/>" * 2_000_000, 1)

    said = refused(repacked(data, word__document=body), limits=Limits(seconds=1))

    assert said.startswith("takes too long to read.")


def test_a_file_that_needs_too_much_memory_is_ended() -> None:
    data = word(TEXT)
    body = main_part(data).replace(b"<w:body>", b"<w:body>" + b"<w:p/>" * 2_000_000, 1)

    assert refused(repacked(data, word__document=body), limits=Limits(memory=120 << 20)).startswith(
        ("is damaged", "unpacks to far more")
    )


def test_a_long_or_sly_name_is_shown_tamed() -> None:
    with pytest.raises(DomainError) as refusal:
        brief_read(name="a\u202egpj\n" + "x" * 200, data=b"")

    assert refusal.value.errors == {"brief": [f"“agpj{'x' * 75}…” is empty."]}


def test_signs_nobody_sees_are_dropped() -> None:
    assert brief_read(name="a", data="5\u200b00\u00a0 L\u202e GMP\ufeff".encode()).text == "500 L GMP"


def test_once_it_has_read_no_file_and_no_connection_can_be_opened() -> None:
    code = (
        f"import sys, socket; sys.path.insert(0, {str(Path(program.__file__).parents[2])!r})\n"
        "from requests.briefs import program\n"
        "def look(data):\n"
        "    found = {}\n"
        "    for name, act in (('file', lambda: open('/etc/hostname')), ('connection', socket.socket)):\n"
        "        try: act()\n"
        "        except OSError as problem: found[name] = problem.errno\n"
        "    return found\n"
        "program.words_of = look\n"
        "program.main()\n"
    )

    assert json.loads(run(code, b"words", Limits())) == {"file": errno.EMFILE, "connection": errno.EMFILE}


def test_lines_ended_by_the_margin_go_on() -> None:
    lines = [
        "The reaction runs at eighty degrees and",
        "needs nitrogen.",
        "1. 规模五百升，连续三批，每批约六十公斤的",
        "产品",
        "",
        "完",
    ]

    assert unwrapped(lines) == [
        "The reaction runs at eighty degrees and needs nitrogen.",
        "1. 规模五百升，连续三批，每批约六十公斤的",
        "产品",
        "",
        "完",
    ]
