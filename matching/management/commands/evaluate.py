"""The engine alone over exchange files, without a database."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from matching.evaluation import Task, evaluate, evaluate_reverse, load_capabilities, read_lines
from zhongshi.vocabulary.reading import Lexicon, load_default_lexicon


class Command(BaseCommand):
    """Read, match, write one line a need (with --reverse: a capability). Messages go to stderr."""

    help = "Runs the matching engine over exchange files and writes one result line per need. Uses no database."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--platforms", nargs="+", type=Path, required=True, metavar="FILE")
        parser.add_argument("--needs", type=Path, required=True, metavar="FILE")
        parser.add_argument("--vocabulary", type=Path, metavar="DIR", help="replaces the built-in vocabulary")
        parser.add_argument("--k", type=int, default=20, help="length of a ranking (default 20)")
        parser.add_argument("--read-text-only", action="store_true", help="ignore the given conditions")
        parser.add_argument("--reverse", action="store_true", help="rank needs for each capability")
        parser.add_argument("--out", type=Path, required=True, metavar="RUN.jsonl")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["k"] < 1:
            raise CommandError("--k must be at least 1.")
        for path in (*options["platforms"], options["needs"]):
            if not path.is_file():
                raise CommandError(f"No such file: {path}")
        task = Task(
            lexicon=_lexicon(options["vocabulary"]),
            today=timezone.localdate(),
            k=options["k"],
            read_text_only=options["read_text_only"],
        )
        capabilities = load_capabilities(options["platforms"], task, self._report)
        run = evaluate_reverse if options["reverse"] else evaluate
        written = _write(
            options["out"], run(read_lines(options["needs"], self._report), capabilities, task, self._report)
        )
        self._report(f"{len(capabilities)} capabilities, {written} lines written to {options['out']}")

    def _report(self, message: str) -> None:
        self.stderr.write(message)


def _lexicon(folder: Path | None) -> Lexicon:
    if folder is None:
        return load_default_lexicon()
    if not folder.is_dir():
        raise CommandError(f"No such folder: {folder}")
    try:
        return Lexicon.from_public_folder(folder)
    except (KeyError, TypeError, ValueError) as error:
        raise CommandError(f"The vocabulary in {folder} cannot be read: {error}") from error


def _write(path: Path, lines: Iterable[Mapping[str, Any]]) -> int:
    written = 0
    try:
        with path.open("w", encoding="utf-8") as handle:
            for line in lines:
                handle.write(json.dumps(line, ensure_ascii=False) + "\n")
                written += 1
    except OSError as error:
        raise CommandError(f"Cannot write {path}: {error}") from error
    return written
