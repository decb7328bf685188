"""What the sheet offers to pick from, and what becomes of words typed into it."""

import pytest

from requests.words import condition_value, quantity_choices, unit_suggestions
from zhongshi.vocabulary.models import Term


@pytest.mark.django_db
@pytest.mark.parametrize("is_loaded", [False, True])
def test_quantities_and_units_are_offered_with_and_without_a_vocabulary_in_the_tables(is_loaded: bool) -> None:
    if is_loaded:
        Term.objects.create(kind="process", code="FERM", name_zh="发酵")

    assert {"volume", "temperature", "pressure"} <= {code for code, _label in quantity_choices()}
    assert {"L", "degC", "MPa"} <= set(unit_suggestions())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("qualification", "CMA或CNAS", ["CMA", "CNAS"]),
        ("qualification", "CMA or CNAS", ["CMA", "CNAS"]),
        ("qualification", "食品生产许可证", "FOOD"),
        ("material", "甲或乙", "甲或乙"),
        ("start_by", "P2M", "P2M"),
    ],
)
def test_words_joined_by_or_are_alternatives_where_each_is_known(
    kind: str, typed: str, stored: str | list[str]
) -> None:
    assert condition_value(kind, typed) == stored
