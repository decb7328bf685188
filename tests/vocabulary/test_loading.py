"""The vocabulary in the database: loaded from the files, edited by people, read by the reader."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from zhongshi.vocabulary.lexicons import current_lexicon
from zhongshi.vocabulary.models import Synonym, Term
from zhongshi.vocabulary.reading import load_default_lexicon, read_need
from zhongshi.vocabulary.services import FOLDER, vocabulary_load

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


def test_loading_twice_changes_nothing() -> None:
    first = vocabulary_load()
    second = vocabulary_load()

    assert (first.created, second.created, second.updated) == (Term.objects.count() + Synonym.objects.count(), 0, 0)


def test_every_kind_is_there_with_names_version_and_source() -> None:
    vocabulary_load()

    assert dict.fromkeys(Term.objects.values_list("kind", flat=True).distinct().order_by("kind")) == dict.fromkeys(
        sorted(
            [
                "chain",
                "stage",
                "service",
                "process",
                "material",
                "qualification",
                "hazard",
                "region",
                "quantity",
                "unit",
            ]
        )
    )
    assert Term.objects.filter(name_zh="").count() == 0
    assert Term.objects.exclude(kind="unit").filter(version="").count() == 0
    assert Term.objects.filter(source="").count() == 0
    assert Term.objects.filter(kind="region", attributes__level="province").count() == 34
    chengdu = Term.objects.get(kind="region", code="510100")
    assert (chengdu.name_zh, chengdu.parent, chengdu.source) == ("成都市", "510000", "GB/T 2260")


def test_an_edited_term_survives_a_new_load(tmp_path: Path) -> None:
    vocabulary_load()
    Term.objects.filter(kind="chain", code="IC").update(name_en="Chips and photonics", is_edited=True)
    folder = shutil.copytree(FOLDER, tmp_path / "vocabulary")
    chains = folder / "chains.csv"
    chains.write_text(chains.read_text().replace("智能终端", "智能终端改"), encoding="utf-8")

    counts = vocabulary_load(folder)

    assert (counts.updated, counts.kept) == (1, 1)
    assert Term.objects.get(kind="chain", code="IC").name_en == "Chips and photonics"
    assert Term.objects.filter(kind="chain", name_zh="智能终端改").count() == 1


def test_without_rows_the_files_speak() -> None:
    assert current_lexicon() is load_default_lexicon()


def test_the_lexicon_stays_the_same_object_until_a_row_changes() -> None:
    vocabulary_load()
    first = current_lexicon()
    assert current_lexicon() is first

    Synonym.objects.create(term=Term.objects.get(kind="process", name_zh="发酵"), form="养菌", language="zh")

    assert current_lexicon() is not first
    [condition] = read_need("", "需要养菌", current_lexicon(), today=TODAY).conditions
    assert (condition.kind, condition.value, condition.text) == ("process", "发酵", "养菌")


def test_rows_and_files_read_alike() -> None:
    vocabulary_load()
    text = "需要500L防爆反应釜，零下20度到180度，必须甲类厂房，后接喷雾干燥，四川优先，预算80万以内。"

    from_rows = read_need("含氟中间体", text, current_lexicon(), today=TODAY)

    assert from_rows == read_need("含氟中间体", text, load_default_lexicon(), today=TODAY)
    assert len(from_rows.conditions) >= 6


def test_a_folder_that_is_none_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"synonyms\.csv is missing"):
        call_command("load_vocabulary", folder=tmp_path)
