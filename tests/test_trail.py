"""Every service that writes for somebody leaves a row in the audit trail, or is listed here with the reason."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOMS = ("zhongshi/accounts/services", "platforms/services", "requests/services", "matching/services")
WRITES = {"record", "audit", "record_all", "advance", "advance_all", "person_note"}


def defined() -> dict[str, tuple[Path, ast.FunctionDef]]:
    """Functions of all services, by file and name."""
    found = {}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef):
                    found[f"{path.relative_to(ROOT)}:{node.name}"] = (path, node)
    return found


def called(node: ast.FunctionDef) -> set[str]:
    """Names a function calls or passes on."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} | {
        part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)
    }


def leaves_a_row(name: str, bodies: dict[str, set[str]], seen: set[str]) -> bool:
    if name in seen:
        return False
    seen.add(name)
    reached = bodies.get(name, set())
    return bool(reached & WRITES) or any(leaves_a_row(other, bodies, seen) for other in reached if other in bodies)


def silent() -> set[str]:
    """Public functions that take who acts, open a transaction, and reach nothing that writes to the trail."""
    functions = defined()
    bodies: dict[str, set[str]] = {}
    for _path, node in functions.values():
        bodies.setdefault(node.name, set()).update(called(node))
    found = set()
    for where, (_path, node) in functions.items():
        takes = {argument.arg for argument in [*node.args.args, *node.args.kwonlyargs]}
        writes = "atomic" in called(node)
        is_public = not node.name.startswith("_") and takes & {"actor", "by"} and writes
        if is_public and not leaves_a_row(node.name, bodies, set()):
            found.add(where)
    return found


# Writes that are nobody's decision: what is being typed, what is prepared and not yet carried out.
REASONS = {
    "platforms/services/import_drafts.py:draft_columns": "prepares a file; starting the import is in the trail",
    "platforms/services/import_drafts.py:draft_fix": "prepares a file as well",
    "platforms/services/import_drafts.py:draft_discard": "throws away what was never loaded",
}


def test_every_write_for_somebody_leaves_a_row() -> None:
    assert silent() - set(REASONS) == set()
    assert set(REASONS) - silent() == set()
