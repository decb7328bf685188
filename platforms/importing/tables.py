"""Sheets: a heading row, then a capability a row; rows of one platform belong together."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from platforms.records import check_platform
from zhongshi.core.errors import InvalidInput
from zhongshi.vocabulary.enums import TermKind
from zhongshi.vocabulary.lexicons import current_lexicon
from zhongshi.vocabulary.reading import Lexicon, read_text

from .model import MAX_ROWS, Problem, Unit, too_many_rows, unusable

# Headings as the template writes them, and how else people name the same column.
COLUMNS: dict[str, tuple[str, ...]] = {
    "platform": ("平台名称", "平台", "中试平台", "platform name", "platform"),
    "operator": ("运营单位", "承担单位", "依托单位", "运营方", "operator"),
    "region": ("地区", "所在地区", "地区代码", "行政区划代码", "region"),
    "city": ("城市", "所在城市", "city"),
    "chains": ("产业链", "所属产业链", "chains", "chain"),
    "capability": ("能力名称", "服务能力", "能力", "capability name", "capability"),
    "summary": ("能力说明", "说明", "简介", "服务内容", "summary"),
    "stages": ("环节", "阶段", "stages", "stage"),
    "services": ("服务类型", "服务", "services", "service"),
    "processes": ("工艺", "单元操作", "processes", "process"),
    "materials": ("物料", "产品", "物料或产品", "materials", "material"),
    "parameters": ("参数", "能力参数", "技术参数", "parameters", "parameter"),
    "qualifications": ("资质", "资质证书", "qualifications", "qualification"),
    "price": ("价格", "收费标准", "参考价格", "price"),
}
TEMPLATE = tuple(names[0] for names in COLUMNS.values())
_FIELD_OF = {name: field for field, names in COLUMNS.items() for name in names}
_LISTS = {
    "stages": TermKind.STAGE,
    "services": TermKind.SERVICE,
    "processes": TermKind.PROCESS,
    "materials": TermKind.MATERIAL,
    "qualifications": TermKind.QUALIFICATION,
}
_SEPARATOR = re.compile(r"[、,，;；|\n]+")
_PRICE = re.compile(r"^([\d,]+(?:\.\d+)?)\s*(.*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What holds for every row: the headings as written, by field; whose sheet it is; the words known."""

    names: dict[str, str]
    owner: str
    lexicon: Lexicon


@dataclass(frozen=True, slots=True)
class _Line:
    """One row with its number in the sheet and its cells by field."""

    number: int
    cells: dict[str, str]
    sheet: _Sheet

    def words(self, field: str, kind: str) -> list[str]:
        """A cell that lists several words, each as the vocabulary writes it; unknown ones stay as they are."""
        words = [word.strip() for word in _SEPARATOR.split(self.cells.get(field, "")) if word.strip()]
        return list(dict.fromkeys(self.sheet.lexicon.canonical(kind, word) or word for word in words))


def rows_of_csv(text: str) -> list[list[str]]:
    """Cells row by row; the separator is the one the heading row has most of."""
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        raise unusable(_("The file is not CSV.")) from None
    return [[cell.strip() for cell in row] for row in rows]


def units_of_table(rows: list[list[str]], *, owner: str) -> list[Unit]:
    """One unit a platform, in the order of the sheet. Raises InvalidInput where a needed column is missing."""
    numbered = [(number, row) for number, row in enumerate(rows, start=1) if any(row)]
    if not numbered:
        raise unusable(_("The file is empty."))
    headings = _headings(numbered[0][1])
    if len(numbered) - 1 > MAX_ROWS:
        raise too_many_rows()
    names = {field: name for field, name in zip(headings, numbered[0][1], strict=True) if field}
    sheet = _Sheet(names, owner, current_lexicon())
    lines = [_Line(number, _cells(headings, row), sheet) for number, row in numbered[1:]]
    if not lines:
        raise unusable(_("The file has headings and nothing below them."))
    return _grouped(lines, sheet)


def _headings(row: list[str]) -> list[str]:
    fields = [_FIELD_OF.get(heading.strip().lower().rstrip("*").strip(), "") for heading in row]
    missing = [COLUMNS[field][0] for field in ("platform", "capability") if field not in fields]
    if missing:
        raise unusable(
            _("The first row must name the columns; missing: %(missing)s.") % {"missing": "、".join(missing)}
        )
    return fields


def _cells(headings: list[str], row: list[str]) -> dict[str, str]:
    return {field: cell for field, cell in zip(headings, row, strict=False) if field and cell}


def _grouped(lines: list[_Line], sheet: _Sheet) -> list[Unit]:
    platforms: dict[str, list[_Line]] = defaultdict(list)
    nameless = []
    for line in lines:
        missing = [field for field in ("platform", "capability") if not line.cells.get(field)]
        if missing:
            problems = [
                Problem(row=line.number, column=sheet.names[field], problem=_("Is missing.")) for field in missing
            ]
            nameless.append(Unit(rows=(line.number,), record=None, is_whole=False, problems=tuple(problems)))
        else:
            platforms[line.cells["platform"]].append(line)
    units = [_unit(group) for group in platforms.values()]
    return sorted([*units, *nameless], key=lambda unit: unit.rows[0])


def _unit(lines: list[_Line]) -> Unit:
    """One platform: rows that are wrong are left out and said so, the others make the record."""
    head = _platform(lines[0])
    good: dict[str, dict[str, Any]] = {}
    problems: list[Problem] = []
    for line in lines:
        capability = _capability(line, head["id"])
        if capability["id"] in good:
            problems.append(
                Problem(
                    row=line.number,
                    column=line.sheet.names["capability"],
                    problem=_("Stands twice in this platform."),
                )
            )
            continue
        found = _problems(line, head, capability)
        problems += found
        if not found:
            good[capability["id"]] = capability
    record = {**head, "capabilities": list(good.values())} if good else None
    rows = tuple(line.number for line in lines)
    return Unit(rows=rows, record=record, is_whole=False, problems=tuple(problems))


def _problems(line: _Line, head: dict[str, Any], capability: dict[str, Any]) -> list[Problem]:
    try:
        check_platform({**head, "capabilities": [capability]})
    except InvalidInput as refusal:
        return [
            Problem(row=line.number, column=_heading(path, line.sheet.names), problem=str(text))
            for path, texts in (refusal.errors or {"": [refusal.detail]}).items()
            for text in texts
        ]
    return []


def _heading(path: str, names: dict[str, str]) -> str:
    """The sheet's heading for `capabilities.0.parameters.1.unit`."""
    part = path.removeprefix("capabilities.0.").partition(".")[0]
    if part == "name":
        part = "platform" if path == "name" else "capability"
    return names.get(part, part)


def _platform(line: _Line) -> dict[str, Any]:
    name = line.cells["platform"]
    region = line.cells.get("region", "")
    code = region if region.isdecimal() and len(region) == 6 else ""
    return {
        "id": f"sheet-{_short(line.sheet.owner, name)}",
        "name": name,
        "operator": line.cells.get("operator"),
        "country": "CN",
        "region": code or None,
        "city": line.cells.get("city") or (None if code else region or None),
        "chains": line.words("chains", TermKind.CHAIN),
    }


def _capability(line: _Line, platform_id: str) -> dict[str, Any]:
    name = line.cells["capability"]
    record: dict[str, Any] = {
        "id": f"{platform_id}-{_short(name)}",
        "name": name,
        "summary": line.cells.get("summary", ""),
        **{field: line.words(field, kind) for field, kind in _LISTS.items()},
        "parameters": _parameters(line.cells.get("parameters", ""), line.sheet.lexicon),
        "price": _price(line.cells.get("price", "")),
    }
    # The words themselves stay readable, whatever was understood of them.
    words = {f"{field}_text": line.cells[field] for field in ("parameters", "price") if line.cells.get(field)}
    return record | words


def _parameters(words: str, lexicon: Lexicon) -> list[dict[str, Any]]:
    """Quantities the reader finds in the cell."""
    if not words:
        return []
    return [
        {
            "quantity": fact.quantity,
            "min": fact.min,
            "max": fact.max,
            "unit": fact.unit,
            "count": fact.count,
            "text": fact.text,
        }
        for fact in read_text(words, lexicon)
        if fact.kind == "parameter" and fact.quantity and not fact.negated
    ]


def _price(words: str) -> dict[str, Any] | None:
    """An amount with its unit; None for words without an amount (面议)."""
    match = _PRICE.match(words)
    if match is None:
        return None
    return {"amount": float(match[1].replace(",", "")), "unit": match[2].strip() or "元"}


def _short(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
