"""Where a lexicon comes from: the project's CSV files, or the JSON files of an exchange vocabulary."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from .entries import Form, Term

DATA_FOLDER = Path(__file__).resolve().parent.parent / "data"
FILES = {
    "chain": "chains.csv",
    "stage": "stages.csv",
    "service": "services.csv",
    "process": "processes.csv",
    "material": "materials.csv",
    "qualification": "qualifications.csv",
    "region": "regions.csv",
    "hazard": "hazards.csv",
    "quantity": "quantities.csv",
    "unit": "units.csv",
}
_COMMON = ("code", "name_zh", "name_en", "parent", "version", "source")
# Quantities and units are found by their own patterns, not by the lexicon.
_UNFOUND = frozenset({"quantity", "unit"})
Vocabulary = tuple[list[Term], list[Form]]
Folder = tuple[list[Term], list[Form], list[str]]


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of one vocabulary CSV."""
    with path.open(encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle)


@lru_cache(maxsize=2)
def codes(kind: str) -> tuple[str, ...]:
    """The codes of the quantities or the units, in the order of the project's own file: no lexicon holds them."""
    return tuple(row["code"] for row in read_rows(DATA_FOLDER / FILES[kind]))


def read_folder(folder: Path) -> Folder:
    """Terms, forms and blind forms of a folder of CSV files (`FILES`, ``synonyms.csv``, ``blind_forms.csv``)."""
    terms = [
        _term(kind, row) for kind, name in FILES.items() if kind not in _UNFOUND for row in read_rows(folder / name)
    ]
    forms = [Form(row["kind"], row["code"], row["form"]) for row in read_rows(folder / "synonyms.csv")]
    return terms, [form for form in forms if form.kind not in _UNFOUND], _blind(folder)


@lru_cache(maxsize=1)
def load_blind_forms() -> tuple[str, ...]:
    """Forms that mean nothing and hide what lies inside them (天津大学 is no place), from the project's own file."""
    return tuple(_blind(DATA_FOLDER))


def _blind(folder: Path) -> list[str]:
    hidden = folder / "blind_forms.csv"
    return [row["form"] for row in read_rows(hidden)] if hidden.exists() else []


def _term(kind: str, row: dict[str, str]) -> Term:
    attributes = {key: value for key, value in row.items() if key not in _COMMON and value}
    return Term(kind, row["code"], row["name_zh"], row["name_en"], row["parent"], attributes)


def read_public_folder(folder: Path) -> Vocabulary:
    """Terms and forms of the JSON files of an exchange vocabulary; files that are absent replace nothing."""
    terms: list[Term] = []
    forms: list[Form] = []
    for kind, name in (("chain", "chains"), ("process", "processes"), ("material", "materials")):
        for entry in _entries(folder / f"{name}.json"):
            attributes = {"neighbours": entry.get("neighbour", ""), "chain": entry.get("chain", "")}
            terms.append(Term(kind, entry["name"], entry["name"], attributes=attributes))
            forms.extend(Form(kind, entry["name"], form) for form in entry.get("forms", ()))
    for entry in _entries(folder / "qualifications.json"):
        terms.append(Term("qualification", entry["code"], entry.get("name", entry["code"])))
        forms.extend(Form("qualification", entry["code"], form) for form in entry.get("forms", ()))
    regions = folder / "regions.json"
    if regions.exists():
        places, names = _public_regions(json.loads(regions.read_text(encoding="utf-8")))
        terms, forms = terms + places, forms + names
    return terms, forms


def _entries(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return found


def _public_regions(regions: dict[str, Any]) -> Vocabulary:
    """Regions are written "province/city"; the code is that path, so that a city's province is its parent."""
    cluster = {name: str(number) for number, names in enumerate(regions.get("clusters", ())) for name in names}
    terms = [Term("region", "CN", "中国", attributes={"level": "country"})]
    forms = [Form("region", "CN", form) for form in ("China", "中国大陆")]
    for province, cities in regions.get("provinces", {}).items():
        shared = {"cluster": cluster.get(province, "")}
        terms.append(Term("region", province, province, parent="CN", attributes={"level": "province"} | shared))
        for city in cities:
            code = f"{province}/{city}"
            terms.append(Term("region", code, city, parent=province, attributes={"level": "city"} | shared))
    return terms, forms
