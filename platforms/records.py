"""Exchange records of platforms: checked before anything is stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from zhongshi.core.errors import InvalidInput
from zhongshi.vocabulary.units import unit_problem

Problems = dict[str, list[str]]
MAX_ID = 100
_HEAD_TEXTS: dict[str, int | None] = {
    "id": MAX_ID,
    "operator": None,
    "country": 10,
    "region": 60,
    "city": 120,
    "level": 60,
    "status": 120,
}
VALUE_LISTS = ("stages", "services", "processes", "materials", "qualifications")


def check_platform(record: Mapping[str, Any]) -> None:
    """Raise InvalidInput naming each bad field as `capabilities.0.parameters.2.unit`."""
    problems: Problems = {}
    for name in ("id", "name"):
        if not isinstance(record.get(name), str) or not record[name].strip():
            problems[name] = [_("Is missing.")]
    problems |= _list_problems(record, "chains") | _text_problems(record, _HEAD_TEXTS)
    problems |= _source_problems(record.get("source")) | _certificate_problems(record.get("certificates"))
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
    problems |= _text_problems(record, {"id": MAX_ID, "summary": None})
    if str(record.get("id")) in seen:
        problems["id"] = [_("Stands twice in this platform.")]
    seen.add(str(record.get("id")))
    for name in VALUE_LISTS:
        problems |= _list_problems(record, name)
    problems |= _trl_problems(record.get("trl")) | _price_problems(record.get("price"))
    problems |= _availability_problems(record.get("availability")) | _equipment_problems(record.get("equipment"))
    if not isinstance(record.get("small_batch"), bool | None):
        problems["small_batch"] = [_("Must be true or false.")]
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
    problems |= _text_problems(record, {"quantity": 40, "unit": 40, "text": None})
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


def _text_problems(record: Mapping[str, Any], limits: Mapping[str, int | None]) -> Problems:
    """Which fields are no text, or longer than the column that would hold them."""
    problems: Problems = {}
    for name, most in limits.items():
        value = record.get(name)
        if value is not None and not isinstance(value, str):
            problems[name] = [_("Must be text.")]
        elif value and most and len(value) > most:
            problems[name] = [_("At most %(most)s characters.") % {"most": most}]
    return problems


def _source_problems(source: Any) -> Problems:
    if source is None:
        return {}
    if not isinstance(source, Mapping):
        return {"source": [_("Must be an object.")]}
    found = _text_problems(source, {"url": 500, "date": 40, "grade": 20})
    return {f"source.{name}": texts for name, texts in found.items()}


def _certificate_problems(certificates: Any) -> Problems:
    if certificates is None:
        return {}
    if not isinstance(certificates, list) or not all(isinstance(part, Mapping) for part in certificates):
        return {"certificates": [_("Must be a list of objects.")]}
    limits = {"qualification": 60, "number": 100, "issuer": 200, "scope": None}
    problems: Problems = {}
    for position, part in enumerate(certificates):
        found = _text_problems(part, limits) | _validity_problems(part)
        problems |= {f"certificates.{position}.{name}": texts for name, texts in found.items()}
    return problems


def _validity_problems(certificate: Mapping[str, Any]) -> Problems:
    days = [certificate.get(name) for name in ("valid_from", "valid_until")]
    try:
        given = [date.fromisoformat(day) for day in days if day]
    except (TypeError, ValueError):
        return {"valid_until": [_("Give a date such as 2027-03-31.")]}
    return {} if given == sorted(given) else {"valid_until": [_("Lies before the first day.")]}


def _equipment_problems(equipment: Any) -> Problems:
    if equipment is None:
        return {}
    if not isinstance(equipment, list) or not all(isinstance(part, Mapping) for part in equipment):
        return {"equipment": [_("Must be a list of objects.")]}
    limits = {"name": 200, "model": 120}
    return {
        f"equipment.{position}.{name}": texts
        for position, part in enumerate(equipment)
        for name, texts in _text_problems(part, limits).items()
    }


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
