"""Listings stored before ranges were kept in base units are converted as they would be today."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection

from platforms.models import Capability, Fact

_RANGES = [
    ("volume", 0.5, 2.0, "m³"),
    ("volume", None, 3.0, "吨"),
    ("volume", 2000.0, 2000.0, "L(total)"),
    ("mass_per_batch", 1.0, None, "吨"),
    ("pressure", 16.0, 16.0, "bar"),
    ("pressure", 1.0, 16.0, "公斤压力"),
    ("temperature", -4.0, 212.0, "degF"),
    ("count", 1.0, 3.0, "台"),
    ("volume", 1.0, 2.0, "斗"),
]


@pytest.mark.django_db
def test_stored_ranges_become_what_saving_them_gives(capability: Capability) -> None:
    Fact.objects.filter(capability=capability).delete()
    rows = [
        Fact(capability=capability, kind="parameter", quantity=quantity, low=low, high=high, unit=unit)
        for quantity, low, high, unit in _RANGES
    ]
    expected = [(row.dimension, row.base_low, row.base_high) for row in Fact.objects.bulk_create(rows)]
    assert expected[0] == ("V", 500.0, 2000.0)
    Fact.objects.update(dimension="", base_low=None, base_high=None)

    migration = import_module("platforms.migrations.0004_facts_in_base_units")
    migration.convert(None, SimpleNamespace(connection=connection))

    stored = Fact.objects.order_by("pk").values_list("dimension", "base_low", "base_high")
    assert list(stored) == [
        (dimension, low and pytest.approx(low, rel=1e-6), high and pytest.approx(high, rel=1e-6))
        for dimension, low, high in expected
    ]
