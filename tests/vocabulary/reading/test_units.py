import pytest

from zhongshi.vocabulary.reading import to_base
from zhongshi.vocabulary.reading.units import unit_of, unit_table

SCORER = [
    ("L", "V", 1), ("升", "V", 1), ("mL", "V", 0.001), ("m3", "V", 1000), ("m³", "V", 1000), ("立方", "V", 1000),
    ("方", "V", 1000), ("千升", "V", 1000), ("kg", "M", 1), ("公斤", "M", 1), ("吨", "M", 1000), ("g", "M", 0.001),
    ("kg/h", "MF", 1), ("t/h", "MF", 1000), ("kg/d", "MF", 1 / 24), ("t/d", "MF", 1000 / 24),
    ("t/week", "MF", 1000 / 168),
    ("t/a", "AF", 1), ("kg/a", "AF", 0.001), ("万吨/年", "AF", 1e4), ("MPa", "P", 1), ("兆帕", "P", 1),
    ("bar", "P", 0.1),
    ("kPa", "P", 1e-3), ("atm", "P", 0.101325), ("公斤压力", "P", 0.0980665), ("psi", "P", 0.00689476), ("kW", "W", 1),
    ("MW", "W", 1000), ("W", "W", 0.001), ("m", "D", 1), ("cm", "D", 0.01), ("mm", "D", 0.001), ("inch", "IN", 1),
    ("寸", "IN", 1), ("吋", "IN", 1), ("nm", "NM", 1), ("℃", "T", 1), ("°C", "T", 1), ("degC", "T", 1), ("m2", "A", 1),
    ("㎡", "A", 1), ("km2", "A", 1e6), ("m/min", "S", 1), ("ft/min", "S", 0.3048), ("m3/h", "VF", 1),
    ("L/h", "VF", 0.001),
    ("day", "DUR", 1), ("周", "DUR", 7), ("month", "DUR", 30), ("year", "DUR", 365), ("h", "H", 1), ("小时", "H", 1),
    ("CNY", "CNY", 1), ("万元", "CNY", 1e4), ("EUR", "EUR", 1), ("USD", "USD", 1),
]  # fmt: skip


@pytest.mark.parametrize(("unit", "dimension", "factor"), SCORER)
def test_units_agree_with_the_exchange_formats_scorer(unit: str, dimension: str, factor: float) -> None:
    found = to_base(1, unit)
    assert found is not None
    assert found[0] == dimension
    assert found[1] == pytest.approx(factor, rel=1e-4)


def test_offsets_are_kept() -> None:
    assert to_base(0, "K") == ("T", -273.15)
    boiling = to_base(212, "°F")
    assert boiling is not None
    assert boiling[1] == pytest.approx(100.0, abs=1e-6)


def test_case_decides_between_units() -> None:
    assert to_base(1, "MW") == ("W", 1000.0)
    assert unit_of("mW") is None


@pytest.mark.parametrize("unit", ["", "狗", "kg/dog"])
def test_unknown_units_are_none(unit: str) -> None:
    assert to_base(1, unit) is None


def test_no_spelling_stands_for_two_dimensions() -> None:
    assert unit_table()["斤"].factor == 0.5
    assert unit_table()["T".lower()].dimension == "M"
