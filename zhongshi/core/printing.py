"""Reports as PDF by typst, with our own font, so that every machine prints the same pages.

`report` lays blocks out on the common page (title block, page x / y, hash of the data at the end); `pdf` takes a
template of one's own. Data reaches a template as JSON and is only text there: nothing in it is evaluated.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import typst
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

CONTENT_TYPE = "application/pdf"
ROOT = Path(__file__).resolve().parents[2]
FONTS = ROOT / "zhongshi" / "print" / "fonts"
Text: TypeAlias = str | Promise
Block: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Marked:
    """A word on a colour: `ok`, `warn`, `bad`, `info` or `none`; with the tone "" a quiet word on nothing."""

    text: Text
    tone: str = ""


Cell: TypeAlias = Text | int | float | Marked | None


@dataclass(frozen=True, slots=True)
class Cover:
    """The title block: what kind of paper, of what, as of when, and facts as label and value."""

    kind: Text
    title: Text
    at: datetime
    subtitle: Text = ""
    facts: Sequence[tuple[Text, Text]] = ()
    notes: Sequence[Text] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column: heading, share of the width (0: as wide as its text), figures stand at the right."""

    header: Text
    width: int = 1
    right: bool = False


def heading(text: Text, *, level: int = 1) -> Block:
    """A heading of level 1 or 2; it stays with what follows."""
    return {"kind": "heading", "level": level, "text": text}


def paragraph(text: Text, *, quiet: bool = False) -> Block:
    """A paragraph, quiet for an explanation."""
    return {"kind": "text", "text": text, "quiet": quiet}


def note(text: Text, *, tone: str = "info") -> Block:
    """A box in a tone of `Marked`."""
    return {"kind": "note", "text": text, "tone": tone}


def items(texts: Sequence[Cell]) -> Block:
    """A list with bullets."""
    return {"kind": "list", "items": list(texts)}


def pairs(rows: Sequence[tuple[Text, Cell]]) -> Block:
    """Labels and values in two columns."""
    return {"kind": "pairs", "pairs": [list(row) for row in rows]}


def table(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> Block:
    """A table whose head repeats on each page. Raises ValueError for a row with other than one cell a column."""
    for row in rows:
        if len(row) != len(columns):
            raise ValueError(f"{len(row)} cells for {len(columns)} columns")
    return {"kind": "table", "columns": [asdict(column) for column in columns], "rows": [list(row) for row in rows]}


def bars(rows: Sequence[tuple[Text, float, Text]]) -> Block:
    """Labels, shares of 0 to 1 as bars, and the figures beside them."""
    return {"kind": "bars", "bars": [{"label": name, "share": share, "figure": text} for name, share, text in rows]}


def page_break() -> Block:
    """What follows begins on a new page."""
    return {"kind": "page"}


def report(cover: Cover, blocks: Sequence[Block]) -> bytes:
    """The blocks in their order behind the title block, as a PDF in the language that is active now."""
    return pdf("zhongshi/print/report.typ", {"blocks": list(blocks)}, cover)


def pdf(template: str, data: Mapping[str, Any], cover: Cover) -> bytes:
    """Compile a template of ours (a path below the checkout that uses `frame.typ`) with the data.

    The same data, cover and language give the same bytes. Raises typst.TypstError for a template that does not compile.
    """
    content = _json({**data, "cover": {**asdict(cover), "at": _at(cover.at)}, "lang": (get_language() or "zh")[:2]})
    digest = hashlib.sha256(content.encode()).hexdigest()
    full = json.loads(content) | {"hash_line": _("Hash of the data (SHA-256): %(hash)s") % {"hash": digest}}
    made: bytes = typst.compile(
        str(ROOT / template),
        root=str(ROOT),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": _json(full)},
        timestamp=int(cover.at.timestamp()),
    )
    return made


@cache
def _fonts() -> typst.Fonts:
    """Our font and those typst carries, read once per process; never the machine's."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])


def _at(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: object) -> Any:
    if isinstance(value, Marked):
        return {"text": str(value.text), "tone": value.tone}
    return str(value)
