"""Exchange records of platforms: checked before anything is stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from zhongshi.core.errors import InvalidInput
from zhongshi.vocabulary.units import unit_problem

Problems = dict[str, list[str]]
VALUE_LISTS = ("stages", "services", "processes", "materials", "qualifications")


def check_platform(record: Mapping[str, Any]) -> None:
    """Raise InvalidInput naming each bad field as `capabilities.0.parameters.2.unit`."""
    problems: Problems = {}
    for name in ("id", "name"):
        if not isinstance(record.get(name), str) or not record[name].strip():
            problems[name] = [_("Is missing.")]
    problems |= _list_problems(record, "chains")
    capabilities = record.get("capabilities")
    if not isinstance(capabilities, list):
        problems["capabilities"] = [_("Must be a list.")]
        capabilities = []
    seen: set[str] = set()
    for position, capability in enumerate(capabilities):
        found = (
            _capability_problems(capability, seen)
            if isinstance(capability, Mapping)
            else {"": [_("Must be an object.")]}
        )
        problems |= {f"capabilities.{position}.{name}".rstrip("."): texts for name, texts in found.items()}
    if problems:
        raise InvalidInput(errors=problems)


def _capability_problems(record: Mapping[str, Any], seen: set[str]) -> Problems:
    problems: Problems = {}
    for name in ("id", "name"):
        if not isinstance(record.get(name), str) or not record[name].strip():
            problems[name] = [_("Is missing.")]
    if record.get("id") in seen:
        problems["id"] = [_("Stands twice in this platform.")]
    seen.add(str(record.get("id")))
    for name in VALUE_LISTS:
        problems |= _list_problems(record, name)
    problems |= _trl_problems(record.get("trl")) | _price_problems(record.get("price"))
    problems |= _availability_problems(record.get("availability"))
    parameters = record.get("parameters") or []
    if not isinstance(parameters, list):
        return problems | {"parameters": [_("Must be a list.")]}
    for position, parameter in enumerate(parameters):
        found = parameter_problems(parameter) if isinstance(parameter, Mapping) else {"": [_("Must be an object.")]}
        problems |= {f"parameters.{position}.{name}".rstrip("."): texts for name, texts in found.items()}
    return problems


def parameter_problems(record: Mapping[str, Any]) -> Problems:
    """What is wrong with one parameter: its quantity, bounds or unit."""
    problems: Problems = {}
    if not record.get("quantity"):
        problems["quantity"] = [_("Is missing.")]
    for name in ("min", "max", "count"):
        bound = record.get(name)
        if bound is not None and (isinstance(bound, bool) or not isinstance(bound, int | float)):
            problems[name] = [_("Must be a number.")]
    low, high = record.get("min"), record.get("max")
    if not problems and low is not None and high is not None and low > high:
        problems["max"] = [_("The upper bound lies below the lower one.")]
    problem = unit_problem(str(record.get("quantity") or ""), str(record.get("unit") or ""))
    if problem:
        problems["unit"] = [problem]
    return problems


def _list_problems(record: Mapping[str, Any], name: str) -> Problems:
    values = record.get(name)
    if values is None or (isinstance(values, list) and all(isinstance(value, str) for value in values)):
        return {}
    return {name: [_("Must be a list of words.")]}


def _trl_problems(trl: Any) -> Problems:
    if trl is None:
        return {}
    whole = isinstance(trl, list) and len(trl) == 2 and all(part is None or isinstance(part, int) for part in trl)
    if not whole or (None not in trl and trl[0] > trl[1]) or not all(part is None or 1 <= part <= 13 for part in trl):
        return {"trl": [_("Must be two levels, the lower one first.")]}
    return {}


def _price_problems(price: Any) -> Problems:
    if price is None or (isinstance(price, Mapping) and isinstance(price.get("amount"), int | float)):
        return {}
    return {"price": [_("Must have an amount and a unit.")]}


def _availability_problems(periods: Any) -> Problems:
    if periods is None:
        return {}
    try:
        ordered = all(date.fromisoformat(part["from"]) <= date.fromisoformat(part["to"]) for part in periods)
    except (KeyError, TypeError, ValueError):
        ordered = False
    return {} if ordered else {"availability": [_("Must be a list of periods with from and to.")]}
