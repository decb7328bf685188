"""What the sheet offers to pick from."""

import pytest

from requests.words import quantity_choices, unit_suggestions
from zhongshi.vocabulary.models import Term


@pytest.mark.django_db
@pytest.mark.parametrize("is_loaded", [False, True])
def test_quantities_and_units_are_offered_with_and_without_a_vocabulary_in_the_tables(is_loaded: bool) -> None:
    if is_loaded:
        Term.objects.create(kind="process", code="FERM", name_zh="发酵")

    assert {"volume", "temperature", "pressure"} <= {code for code, _label in quantity_choices()}
    assert {"L", "degC", "MPa"} <= set(unit_suggestions())
