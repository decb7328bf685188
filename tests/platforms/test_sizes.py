"""At least 500 L: as typed, and as facts in any unit answer it."""

import pytest

from platforms.models import Capability, Fact
from platforms.search import Search, find_capabilities
from platforms.sizes import Size, size_from, size_quantities
from tests.factories import CapabilityFactory, FactFactory
from zhongshi.core.errors import InvalidInput


def _typed(value: str, unit: str = "", quantity: str = "volume", bound: str = "min") -> Size | None:
    return size_from(quantity=quantity, value=value, unit=unit, bound=bound)


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("500", "L", Size("volume", 500, "L")),
        ("500", "", Size("volume", 500, "L")),
        (" 1,000 ", "升", Size("volume", 1000, "升")),
        ("１．５", "m³", Size("volume", 1.5, "m³")),
        ("500L", "", Size("volume", 500, "L")),
        ("2 吨", "", Size("volume", 2, "吨")),
        ("", "", None),
        ("  ", " ", None),
    ],
)
def test_reads_a_size_as_people_type_it(value: str, unit: str, expected: Size | None) -> None:
    assert _typed(value, unit) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"value": "viel", "unit": "L"}, "value"),
        ({"value": "", "unit": "L"}, "value"),
        ({"value": "500", "unit": "kg"}, "unit"),
        ({"value": "500", "unit": "斗"}, "unit"),
        ({"value": "500", "unit": "L", "quantity": "budget"}, "quantity"),
        ({"value": "500", "unit": "L", "quantity": ""}, "quantity"),
        ({"value": "500", "unit": "L", "bound": "about"}, "bound"),
    ],
)
def test_says_which_field_is_wrong(typed: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        _typed(**typed)

    assert list(refusal.value.errors or {}) == [field]


def test_money_and_time_are_not_sizes() -> None:
    assert size_quantities()[:3] == ["volume", "mass_per_batch", "throughput_mass"]
    assert not {"budget", "price_per_week", "duration", "count", "other"} & set(size_quantities())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("quantity", "low", "high", "unit", "size", "is_found"),
    [
        ("volume", 500, 500, "L", Size("volume", 500, "L"), True),
        ("volume", 500, 500, "L", Size("volume", 501, "L"), False),
        ("volume", 50, 2000, "L", Size("volume", 1.5, "m3"), True),
        ("volume", 0.5, 0.5, "m3", Size("volume", 500, "升"), True),
        ("volume", 2, 2, "吨", Size("volume", 2000, "L"), True),
        ("volume", 2000, 2000, "L(total)", Size("volume", 500, "L"), False),
        ("volume", 300, None, "L", Size("volume", 5000, "L"), True),
        ("volume", None, 300, "L", Size("volume", 500, "L"), False),
        ("volume", 300, 600, "L", Size("volume", 200, "L", "max"), False),
        ("volume", 300, 600, "L", Size("volume", 300, "L", "max"), True),
        ("volume", None, 600, "L", Size("volume", 10, "L", "max"), True),
        ("pressure", 1.6, 1.6, "MPa", Size("pressure", 2, "bar", "max"), True),
        ("pressure", 1.6, 1.6, "MPa", Size("pressure", 16, "bar"), True),
        ("temperature", -20, 120, "degC", Size("temperature", -4, "degF", "max"), True),
        ("temperature", -20, 120, "degC", Size("temperature", -30, "degC", "max"), False),
        ("mass_per_batch", 500, 500, "kg", Size("volume", 100, "L"), False),
        ("volume", 500, 500, "斗", Size("volume", 1, "L"), False),
    ],
)
def test_facts_answer_in_any_unit(
    quantity: str, low: float | None, high: float | None, unit: str, size: Size, is_found: bool
) -> None:
    FactFactory.create(kind="parameter", value="", quantity=quantity, low=low, high=high, unit=unit)

    assert find_capabilities(Search(size=size)).exists() is is_found


@pytest.mark.django_db
def test_one_fact_must_be_of_that_quantity_and_stand() -> None:
    row = CapabilityFactory.create()
    FactFactory.create(capability=row, volume=True, is_negated=True)
    FactFactory.create(capability=row, volume=True, low=100, high=100)

    assert not find_capabilities(Search(size=Size("volume", 500, "L"))).exists()
    assert find_capabilities(Search(size=Size("volume", 100, "L"))).count() == 1


@pytest.mark.django_db
def test_a_range_is_converted_however_the_row_is_written(capability: Capability) -> None:
    row = Fact(capability=capability, kind="parameter", quantity="volume", low=1, high=2, unit="m3")
    Fact.objects.bulk_create([row])
    saved = Fact.objects.create(capability=capability, kind="parameter", quantity="volume", high=7, unit="m3")

    stored = Fact.objects.filter(pk__in=[row.pk, saved.pk]).values_list("dimension", "base_low", "base_high")
    assert sorted(stored, key=str) == [("V", 1000.0, 2000.0), ("V", None, 7000.0)]
