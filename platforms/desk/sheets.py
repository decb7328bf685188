"""The sheet of a service: every fact a row, kept as it was typed until it can be stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from platforms.enums import FactKind, FactSource
from platforms.models import Capability, Fact
from platforms.services.editing import CapabilityEntry, DeviceEntry
from zhongshi.vocabulary.lexicons import current_lexicon

LISTS = {"processes": FactKind.PROCESS, "materials": FactKind.MATERIAL, "qualifications": FactKind.QUALIFICATION}
TICKS = {"stages": FactKind.STAGE, "services": FactKind.SERVICE}
HEAD = ("name", "summary", "small_batch", "trl_from", "trl_to", "price_amount", "price_unit")
MOST_ROWS = 60
_SIZE = ("quantity", "low", "high", "unit", "count", "text")
_DEVICE = ("key", "name", "model", "count", "bookable")
_EMPTY = {"parameters": dict.fromkeys(_SIZE, ""), "devices": dict.fromkeys(_DEVICE, "") | {"bookable": "yes"}}
Problems = dict[str, list[str]]
Row = dict[str, str]
Typed = MultiValueDict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands in the form, as text. `parameters` and `devices` are rows of named cells."""

    head: Row
    lists: Mapping[str, Sequence[str]]
    parameters: Sequence[Row]
    devices: Sequence[Row]
    dropped: Sequence[str] = ()
    seen: str = ""

    def changed(self, do: str) -> Sheet:
        """The sheet with a row more (`add:processes`) or less (`remove:processes:2`); as it is for anything else."""
        verb, _colon, rest = do.partition(":")
        name, _colon, number = rest.partition(":")
        rows = self._rows(name)
        if rows is None:
            return self
        if verb == "add" and len(rows) < MOST_ROWS:
            return self._with(name, [*rows, "" if name in LISTS else _EMPTY[name]])
        if verb == "remove" and number.isdecimal():
            return self._with(name, [row for n, row in enumerate(rows) if n != int(number)])
        return self

    def compact(self) -> Sheet:
        """The sheet without its empty rows, so that problems name the rows a reader sees."""
        lists = {name: _said(values) for name, values in self.lists.items()}
        sizes = _filled(self.parameters, "quantity", "low", "high", "text")
        return replace(self, lists=lists, parameters=sizes, devices=_filled(self.devices, "name", "model"))

    def _rows(self, name: str) -> Sequence[Any] | None:
        if name in LISTS:
            return self.lists[name]
        return {"parameters": self.parameters, "devices": self.devices}.get(name)

    def _with(self, name: str, rows: Sequence[Any]) -> Sheet:
        if name in LISTS:
            return replace(self, lists={**self.lists, name: rows})
        return replace(self, parameters=rows) if name == "parameters" else replace(self, devices=rows)


@dataclass(slots=True)
class Numbers:
    """Reads numbers and remembers what was none."""

    problems: Problems = field(default_factory=dict)

    def read(self, name: str, text: str) -> float | None:
        """The number, None for nothing typed or, with a problem under `name`, for something else."""
        text = text.strip().replace(",", "").replace("，", "").replace("−", "-")
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not -1e15 < value < 1e15:
            self.problems.setdefault(name, []).append(_("Must be a number."))
            return None
        return value

    def whole(self, name: str, text: str) -> int | None:
        """As `read`, for whole numbers that are not negative."""
        value = self.read(name, text)
        if value is None or (value >= 0 and value.is_integer()):
            return None if value is None else int(value)
        self.problems.setdefault(name, []).append(_("Must be a whole number."))
        return None


def typed_sheet(sent: Typed) -> Sheet:
    """What a form sent."""
    return Sheet(
        head={name: sent.get(name, "") for name in HEAD},
        lists={name: sent.getlist(name)[:MOST_ROWS] for name in (*LISTS, *TICKS)},
        parameters=_rows_of(sent, "size", _SIZE),
        devices=_rows_of(sent, "device", _DEVICE),
        dropped=sent.getlist("drop"),
        seen=sent.get("seen", ""),
    )


def _rows_of(sent: Typed, prefix: str, cells: Sequence[str]) -> list[Row]:
    columns = [sent.getlist(f"{prefix}_{name}") for name in cells]
    return [dict(zip(cells, row, strict=True)) for row in zip(*columns, strict=False)][:MOST_ROWS]


def sheet_of(row: Capability, seen: str) -> Sheet:
    """What is stored, for the form; facts and equipment are fetched."""
    declared = [fact for fact in row.facts.all() if fact.source == FactSource.DECLARED]
    price = row.price or {}
    return Sheet(
        head={
            "name": row.name,
            "summary": row.summary,
            "small_batch": {None: "", True: "yes", False: "no"}[row.small_batch],
            "trl_from": _text(row.trl_from),
            "trl_to": _text(row.trl_to),
            "price_amount": _text(price.get("amount")),
            "price_unit": str(price.get("unit") or ""),
        },
        lists={name: _values(declared, kind) for name, kind in (LISTS | TICKS).items()},
        parameters=[_size(fact) for fact in declared if fact.kind == FactKind.PARAMETER],
        devices=[
            {
                "key": str(device.pk),
                "name": device.name,
                "model": device.model,
                "count": str(device.count),
                "bookable": "yes" if device.is_bookable else "no",
            }
            for device in row.equipment.all()
        ],
        seen=seen,
    )


def empty_sheet() -> Sheet:
    """The sheet of a service that is not written yet."""
    return Sheet(dict.fromkeys(HEAD, ""), {name: [] for name in (*LISTS, *TICKS)}, [], [])


def _values(facts: Iterable[Fact], kind: str) -> list[str]:
    lexicon = current_lexicon()
    values = [fact.value for fact in facts if fact.kind == kind]
    return [lexicon.canonical(kind, value) or value for value in values] if kind in TICKS.values() else values


def _size(fact: Fact) -> Row:
    return {
        "quantity": fact.quantity,
        "low": _text(fact.low),
        "high": _text(fact.high),
        "unit": fact.unit,
        "count": _text(fact.count),
        "text": fact.text,
    }


def _text(value: float | None) -> str:
    return "" if value is None else f"{value:.15g}"


def entry_of(sheet: Sheet) -> tuple[CapabilityEntry, Problems]:
    """A compact sheet as the service takes it, and what could not be read of it by the name of its field."""
    numbers = Numbers()
    head = sheet.head
    trl = [numbers.whole(name, head[name]) for name in ("trl_from", "trl_to")]
    amount = numbers.read("price_amount", head["price_amount"])
    part: dict[str, Any] = {name: _said(values) for name, values in sheet.lists.items()}
    part |= {
        "name": head["name"].strip(),
        "summary": head["summary"].strip(),
        "small_batch": {"yes": True, "no": False}.get(head["small_batch"]),
        "trl": None if trl == [None, None] else trl,
        "price": None if amount is None else {"amount": _whole(amount), "unit": head["price_unit"].strip()},
        "parameters": [_parameter(n, row, numbers) for n, row in enumerate(sheet.parameters)],
    }
    devices = [_device(n, row, numbers) for n, row in enumerate(sheet.devices)]
    dropped = [int(pk) for pk in sheet.dropped if pk.isdecimal()]
    return CapabilityEntry(part=part, devices=devices, dropped=dropped), numbers.problems


def _said(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(value.strip() for value in values if value.strip()))


def _filled(rows: Sequence[Row], *cells: str) -> list[Row]:
    return [row for row in rows if any(row.get(cell, "").strip() for cell in cells)]


def _parameter(number: int, row: Row, numbers: Numbers) -> dict[str, Any]:
    name = f"parameters.{number}"
    low, high = (_whole(numbers.read(f"{name}.{cell}", row[cell])) for cell in ("low", "high"))
    return {
        "quantity": row["quantity"],
        "min": low,
        "max": high,
        "unit": row["unit"].strip(),
        "count": _whole(numbers.read(f"{name}.count", row["count"])),
        "text": row["text"].strip(),
    }


def _device(number: int, row: Row, numbers: Numbers) -> DeviceEntry:
    return DeviceEntry(
        key=int(row["key"]) if row["key"].isdecimal() else None,
        name=row["name"].strip(),
        model=row["model"].strip(),
        count=numbers.whole(f"devices.{number}.count", row["count"]) or 1,
        is_bookable=row["bookable"] == "yes",
    )


def _whole(value: float | None) -> float | int | None:
    """300 and not 300.0, as files write it."""
    return int(value) if value is not None and value.is_integer() else value
