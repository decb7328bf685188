"""``manage.py load_vocabulary``: the vocabulary of the repository's CSV files into the database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from zhongshi.vocabulary.services import FOLDER, vocabulary_load


class Command(BaseCommand):
    help = "Load chains, stages, processes, units, regions … from CSV; edited rows stay."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=FOLDER, help="folder with the CSV files")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (options["folder"] / "synonyms.csv").is_file():
            raise CommandError(f"{options['folder']} is not a vocabulary folder: synonyms.csv is missing.")
        counts = vocabulary_load(options["folder"])
        self.stdout.write(
            f"vocabulary: {counts.created} created, {counts.updated} updated, {counts.unchanged} unchanged, "
            f"{counts.kept} kept as edited"
        )
