"""What was measured, kept as figures and written as tables."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .calling import caller
from .measured import HEAD, Measured, Promise, table


@dataclass(slots=True)
class Report:
    """Sections in the order they were measured; one that is measured again replaces its own."""

    folder: Path
    stores: str
    sections: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def at(cls, folder: Path, stores: str) -> Report:
        """What an earlier run left there, to be added to by one that measures these stores."""
        file = folder / "figures.json"
        return cls(folder, stores, json.loads(file.read_text(encoding="utf-8")) if file.exists() else {})

    def add(
        self, name: str, head: Sequence[str], rows: Sequence[Sequence[str]], words: str = "",
        promises: Sequence[Promise] = (), more: Any = None,
    ) -> None:  # fmt: skip
        """Keep a section, print it."""
        when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
        self.sections[name] = {
            "when": when, "machine": machine(self.stores), "words": words,
            "head": list(head), "rows": [list(row) for row in rows],
            "promises": [one.row() for one in promises], "figures": more,
        }  # fmt: skip
        self.folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self.sections, ensure_ascii=False, indent=1, sort_keys=False)
        (self.folder / "figures.json").write_text(text + "\n", encoding="utf-8")
        (self.folder / "README.md").write_text(self.text(), encoding="utf-8")
        print(_section(name, self.sections[name]), flush=True)

    def add_measured(self, name: str, found: Sequence[Measured], words: str, promises: Sequence[Promise] = ()) -> None:
        """Keep a section of calls."""
        rows = [one.row() for one in found]
        self.add(name, HEAD, rows, words, promises, [one.record() for one in found])

    def text(self) -> str:
        """All sections as one page."""
        head = (
            "# Load\n\nMeasured by `make load`; no figure on this page is typed by hand. `docs/scale.md` reads them.\n"
        )
        return head + "".join("\n" + _section(name, one) for name, one in self.sections.items())


def _section(name: str, section: dict[str, Any]) -> str:
    parts = [f"## {name}\n\n{section['when']}, {section['machine']}. {section['words']}".rstrip() + "\n"]
    if section["rows"]:
        parts.append(table(section["head"], section["rows"]) + "\n")
    if section["promises"]:
        parts.append(table(["promise", "bound", "measured", ""], section["promises"]) + "\n")
    return "\n".join(parts)


def machine(stores: str) -> str:
    """Cores and versions, and who called."""
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores for everything (stores, service and caller), Python {platform.python_version()}, "
        f"{stores}, load before {load:.1f}, calls by {caller()}"
    )
