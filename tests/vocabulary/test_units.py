"""A unit must be able to measure its quantity."""

import pytest

from zhongshi.vocabulary.units import unit_problem

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("quantity", "unit"),
    [
        ("volume", "L"),
        ("volume", "m3"),
        ("volume", "立方"),
        ("volume", "L(total)"),
        ("volume", "吨"),
        ("mass_per_batch", "kg"),
        ("temperature", "℃"),
        ("pressure", "公斤压力"),
        ("throughput_mass", "wafer/month"),
        ("budget", "万元"),
        ("budget", "EUR"),
        ("duration", "month"),
        ("count", "批"),
        ("other", "anything at all"),
        ("a quantity nobody knows", "x"),
    ],
)
def test_units_that_fit(quantity: str, unit: str) -> None:
    assert unit_problem(quantity, unit) == ""


@pytest.mark.parametrize(
    ("quantity", "unit"),
    [
        ("volume", "kg"),
        ("volume", ""),
        ("volume", "litters"),
        ("mass_per_batch", "L"),
        ("temperature", "MPa"),
        ("pressure", "℃"),
        ("budget", "kg"),
        ("duration", "L"),
    ],
)
def test_units_that_do_not_fit_are_named(quantity: str, unit: str) -> None:
    problem = unit_problem(quantity, unit)

    assert unit in problem
    assert quantity in problem
