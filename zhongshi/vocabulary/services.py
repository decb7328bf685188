"""The vocabulary is loaded from the CSV files of the repository; what an administrator edited stays."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from zhongshi.core import locks

from .enums import TermKind
from .models import Synonym, Term

FOLDER = Path(__file__).resolve().parent / "data"
_FILES = {
    TermKind.CHAIN: "chains.csv",
    TermKind.STAGE: "stages.csv",
    TermKind.SERVICE: "services.csv",
    TermKind.PROCESS: "processes.csv",
    TermKind.MATERIAL: "materials.csv",
    TermKind.QUALIFICATION: "qualifications.csv",
    TermKind.HAZARD: "hazards.csv",
    TermKind.REGION: "regions.csv",
    TermKind.QUANTITY: "quantities.csv",
    TermKind.UNIT: "units.csv",
}
_COLUMNS = ("name_zh", "name_en", "parent", "version", "source")


@dataclass(slots=True)
class Loaded:
    """How many rows a load touched."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0


def vocabulary_load(folder: Path = FOLDER) -> Loaded:
    """Bring terms and synonyms to what the files say. Idempotent; rows edited here are kept as they are."""
    counts = Loaded()
    with transaction.atomic():
        locks.hold("vocabulary")
        for kind, name in _FILES.items():
            known = {term.code: term for term in Term.objects.filter(kind=kind)}
            for record in _rows(folder / name):
                _load_term(kind, record, known.get(record["code"]), counts)
        _load_synonyms(_rows(folder / "synonyms.csv"), counts)
    return counts


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _load_term(kind: str, record: dict[str, str], term: Term | None, counts: Loaded) -> None:
    if term and term.is_edited:
        counts.kept += 1
        return
    columns: dict[str, Any] = {name: record.get(name) or "" for name in _COLUMNS}
    columns["attributes"] = {name: value for name, value in record.items() if name not in {"code", *_COLUMNS} and value}
    if term is None:
        Term.objects.create(kind=kind, code=record["code"], **columns)
        counts.created += 1
    elif any(getattr(term, name) != value for name, value in columns.items()):
        for name, value in columns.items():
            setattr(term, name, value)
        term.save()
        counts.updated += 1
    else:
        counts.unchanged += 1


def _load_synonyms(records: Iterator[dict[str, str]], counts: Loaded) -> None:
    terms = {(term.kind, term.code): term for term in Term.objects.all()}
    known = set(Synonym.objects.values_list("term_id", "form"))
    fresh: list[Synonym] = []
    for record in records:
        term = terms.get((record["kind"], record["code"]))
        if term is None or (term.pk, record["form"]) in known:
            counts.unchanged += term is not None
            continue
        known.add((term.pk, record["form"]))
        fresh.append(
            Synonym(term=term, form=record["form"], language=record["language"], source=record.get("source") or "")
        )
    Synonym.objects.bulk_create(fresh)
    counts.created += len(fresh)
