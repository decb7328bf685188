"""A change that names only what is different, made whole again for `need_edit`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from requests.enums import ConditionOrigin
from requests.models import Need
from requests.records import condition_record

from .needs import NeedInput
from .reading import need_read


def need_patched(need: Need, changes: Mapping[str, Any]) -> NeedInput:
    """Return the need as it would be with `changes` (keys of NeedInput).

    Where title or text change and no conditions are given, the entered ones stay and those once read are read anew.
    A `budget` in the changes takes the place of the one so far; null takes it away.
    """
    title, text = changes.get("title", need.title), changes.get("text", need.text)
    conditions = changes.get("conditions")
    if conditions is None:
        conditions = [condition_record(row) for row in need.conditions.all()]
        if (title, text) != (need.title, need.text) and text.strip():
            conditions = _read_anew(conditions, title, text)
        if "budget" in changes:
            conditions = [record for record in conditions if record["kind"] != "budget"]
    return NeedInput(
        title=title,
        text=text,
        conditions=conditions,
        country=changes.get("country", need.country),
        region=changes.get("region", need.region),
        budget=changes.get("budget"),
        visibility=changes.get("visibility", need.visibility),
    )


def _read_anew(conditions: list[dict[str, Any]], title: str, text: str) -> list[dict[str, Any]]:
    given = [record for record in conditions if record.get("origin") != ConditionOrigin.READ]
    known = {_about(record) for record in given}
    found = [condition.to_exchange() for condition in need_read(title=title, text=text).conditions]
    read = [record | {"origin": ConditionOrigin.READ.value} for record in found if _about(record) not in known]
    return given + read


def _about(record: Mapping[str, Any]) -> tuple[str, str]:
    """What a condition is about: two numbers of one quantity are one matter, two processes are two."""
    return str(record["kind"]), str(record.get("quantity") or record.get("value"))
