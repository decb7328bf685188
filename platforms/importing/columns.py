"""The columns a sheet may have, how people name them, and which a heading most likely means."""

from __future__ import annotations

import difflib
import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(StrEnum):
    """How a cell is read."""

    TEXT = "text"
    WORDS = "words"
    NUMBER = "number"
    DATE = "date"
    YES = "yes"
    UNIT = "unit"
    QUANTITY = "quantity"
    LEVELS = "levels"
    AMOUNTS = "amounts"
    PRICE = "price"
    DEVICES = "devices"


@dataclass(frozen=True, slots=True)
class Column:
    """A field of the template: headings it is known by (the template's own first), how it is read, what it takes."""

    names: tuple[str, ...]
    label: str | Promise
    kind: Kind = Kind.TEXT
    most: int = 2_000
    is_needed: bool = False
    example: str = ""
    help: str | Promise = ""


COLUMNS: dict[str, Column] = {
    "platform": Column(
        ("平台名称", "平台", "中试平台", "中试平台名称", "platform name", "platform"),
        _("Platform name"),
        most=300,
        is_needed=True,
        example="生物制造中试平台",
        help=_("Rows with the same name belong to one platform."),
    ),
    "platform_id": Column(
        ("平台编号", "平台id", "platform id"),
        _("Platform id"),
        most=100,
        help=_("Only where you keep ids of your own; the name is enough."),
    ),
    "operator": Column(
        ("运营单位", "承担单位", "依托单位", "运营方", "建设单位", "operator"),
        _("Operator"),
        most=300,
        example="某生物技术研究院",
    ),
    "region": Column(
        ("地区", "所在地区", "地区代码", "行政区划代码", "region"),
        _("Region"),
        most=60,
        example="510100",
        help=_("Six digits of GB/T 2260, or the name of the place."),
    ),
    "city": Column(("城市", "所在城市", "city"), _("City"), most=120, example="成都"),
    "chains": Column(
        ("产业链", "所属产业链", "产业领域", "所属领域", "chains", "chain"),
        _("Industry chains"),
        Kind.WORDS,
        example="生物制造",
    ),
    "capability": Column(
        ("能力名称", "服务能力", "能力", "服务名称", "中试线名称", "capability name", "capability"),
        _("Capability name"),
        most=300,
        is_needed=True,
        example="微生物发酵中试线",
        help=_("One row for each capability."),
    ),
    "capability_id": Column(("能力编号", "能力id", "capability id"), _("Capability id"), most=100),
    "summary": Column(
        ("能力说明", "说明", "简介", "服务内容", "能力简介", "summary"),
        _("What it does"),
        most=20_000,
        example="承接发酵工艺放大与小批量试产，配备在线监测。",
    ),
    "stages": Column(("环节", "阶段", "中试阶段", "stages", "stage"), _("Stages"), Kind.WORDS, example="中试"),
    "services": Column(("服务类型", "服务", "services", "service"), _("Services"), Kind.WORDS, example="工艺放大"),
    "processes": Column(
        ("工艺", "单元操作", "工艺类型", "processes", "process"), _("Processes"), Kind.WORDS, example="发酵；离心"
    ),
    "materials": Column(
        ("物料", "产品", "物料或产品", "适用物料", "materials", "material"),
        _("Materials or products"),
        Kind.WORDS,
        example="氨基酸",
    ),
    "parameters": Column(
        ("参数", "能力参数", "技术参数", "主要参数", "parameters", "parameter"),
        _("Parameters in words"),
        Kind.AMOUNTS,
        most=20_000,
        example="500L发酵罐3台，工作温度20–60℃",
        help=_("Amounts with their units are read from the words."),
    ),
    "quantity": Column(
        ("参数名称", "参数项", "quantity"),
        _("Parameter"),
        Kind.QUANTITY,
        example="容积",
        help=_("One parameter with its bounds in columns of their own; words from the list."),
    ),
    "low": Column(("下限", "最小值", "最小", "min", "from"), _("Lower bound"), Kind.NUMBER, example="300"),
    "high": Column(("上限", "最大值", "最大", "max", "to"), _("Upper bound"), Kind.NUMBER, example="500"),
    "unit": Column(("单位", "计量单位", "unit"), _("Unit"), Kind.UNIT, most=40, example="L"),
    "trl": Column(
        ("技术成熟度", "成熟度", "trl"), _("TRL"), Kind.LEVELS, example="4-7", help=_("One level or two: 4-7.")
    ),
    "qualifications": Column(
        ("资质", "资质证书", "资质认证", "qualifications", "qualification"),
        _("Qualifications"),
        Kind.WORDS,
        example="GMP",
    ),
    "equipment": Column(
        ("主要设备", "设备", "仪器设备", "equipment"),
        _("Equipment"),
        Kind.DEVICES,
        example="500L发酵罐；碟片离心机",
        help=_("Names, separated by ; or 、."),
    ),
    "small_batch": Column(
        ("可小批量生产", "小批量生产", "允许小批量", "small batch"),
        _("Small batches for sale"),
        Kind.YES,
        example="是",
    ),
    "price": Column(
        ("价格", "收费标准", "参考价格", "price"),
        _("Price"),
        Kind.PRICE,
        example="7.5 万元/周",
        help=_("Amount first, then the unit."),
    ),
    "free_from": Column(
        ("空闲起", "档期起", "可用日期起", "free from"), _("Free from"), Kind.DATE, example="2027-03-01"
    ),
    "free_until": Column(
        ("空闲止", "档期止", "可用日期止", "free until"), _("Free until"), Kind.DATE, example="2027-06-30"
    ),
}
# What a sheet of failed rows says beside the cells; nothing that belongs to a listing.
ROW_HEADING, REASON_HEADING = "原文件行号", "失败原因"
LEAVE_OUT = "-"
# The template's own example begins with it, and is nobody's listing.
EXAMPLE_MARK = "示例："
TEMPLATE = tuple(column.names[0] for column in COLUMNS.values())
NEEDED = tuple(name for name, column in COLUMNS.items() if column.is_needed)
_FIELD_OF = {name: field for field, column in COLUMNS.items() for name in column.names}
_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")
_NOISE = re.compile(r"[\s*:：_\-/]+")
_ALIKE = 0.72
_LOOKED_THROUGH = 10
# No heading is a novel, and comparing long ones takes its time.
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a heading may mean, and whether that is a guess."""

    field: str
    is_guess: bool = False


def field_of(heading: str) -> str:
    """The field a heading names outright; empty if none."""
    return _FIELD_OF.get(heading.strip().lower().rstrip("*").strip(), "") or _FIELD_OF.get(_bare(heading), "")


def _bare(heading: str) -> str:
    folded = unicodedata.normalize("NFKC", heading).lower()
    return _NOISE.sub("", _BRACKETS.sub("", folded))


def suggestions(headings: Sequence[str]) -> list[Suggestion]:
    """What each heading most likely means; every field once, outright names before guesses."""
    found = [_outright(heading) for heading in headings]
    taken: set[str] = set()
    again: set[int] = set()
    for index, suggestion in enumerate(found):
        if suggestion.field in taken - {LEAVE_OUT, ""}:
            found[index] = Suggestion("")
            again.add(index)
        taken.add(suggestion.field)
    guesses = [
        (score, -index, field)
        for index, heading in enumerate(headings)
        if not found[index].field and index not in again
        for field, score in _scores(heading).items()
        if field not in taken and score >= _ALIKE
    ]
    for _score, position, field in sorted(guesses, reverse=True):
        if field not in taken and not found[-position].field:
            found[-position] = Suggestion(field, is_guess=True)
            taken.add(field)
    return found


def _outright(heading: str) -> Suggestion:
    return Suggestion(LEAVE_OUT if heading.strip() in {ROW_HEADING, REASON_HEADING} else field_of(heading))


def _scores(heading: str) -> dict[str, float]:
    bare = _bare(heading)
    if not 2 <= len(bare) <= _LONGEST:
        return {}
    return {field: max(_score(bare, _bare(name)) for name in column.names) for field, column in COLUMNS.items()}


def _score(bare: str, name: str) -> float:
    ratio = difflib.SequenceMatcher(None, bare, name).ratio()
    if len(name) < 2 or not (name in bare or bare in name):
        return ratio
    # Of two names a heading contains, the longer one is meant.
    shorter, longer = sorted((len(bare), len(name)))
    return max(ratio, 0.75 + 0.2 * shorter / longer)


def heading_row(rows: Sequence[Sequence[str]]) -> int:
    """Index of the row of headings: a title may stand above it. The first row that holds anything, where none fits."""
    for index, row in enumerate(rows[:_LOOKED_THROUGH]):
        if len({field_of(cell) for cell in row} - {""}) >= 2:
            return index
    return next((index for index, row in enumerate(rows) if any(row)), 0)


def label_of(name: str) -> str:
    """A field of a record in words."""
    if name == "availability":
        return str(_("Free days"))
    if name == "columns":
        return str(_("Columns of your own"))
    return str(COLUMNS[name].label) if name in COLUMNS else name


def headings_digest(headings: Sequence[str]) -> str:
    """The same for the same headings in the same order."""
    return hashlib.sha256("\n".join(_bare(heading) for heading in headings).encode()).hexdigest()
