"""Which families of processes lie near enough that a line of one may plausibly do the other.

Used in one direction only: a line whose known processes are *all* of families foreign to the one asked for is
taken to do something else. The groups are wide on purpose, since wrongly ruling out is worse than asking.
"""

from __future__ import annotations

_WET = frozenset({"BIO", "SEP", "SOLID", "CHEM", "FOOD", "PHARMA", "BIOMASS", "THERMO", "WATER", "HOST"})
_DEVICES = frozenset({"MECH", "TEST", "ROBOT", "FIELD", "SW", "MED", "QUANT", "IC", "HOST"})

# family asked for -> families that may do it; a family that is missing here is foreign to none.
FAMILY_KIN: dict[str, frozenset[str]] = {
    "BIO": _WET,
    "SEP": _WET | {"POLY", "BAT", "MIN", "COAT", "MED", "H2"},
    "SOLID": _WET | {"POLY", "BAT", "MIN", "COAT"},
    "CHEM": _WET | {"POLY", "MIN", "COAT", "BAT", "H2"},
    "FOOD": _WET,
    "PHARMA": _WET,
    "BIOMASS": _WET | {"POLY"},
    "THERMO": _WET | {"MIN", "H2", "BAT"},
    "WATER": _WET | {"MIN"},
    "POLY": frozenset({"POLY", "CHEM", "COAT", "SOLID", "MECH", "MED", "HOST"}),
    "COAT": frozenset({"COAT", "POLY", "BAT", "IC", "SEP", "MECH", "HOST", "PHARMA"}),
    "IC": frozenset({"IC", "MECH", "TEST", "QUANT", "HOST"}),
    "BAT": frozenset({"BAT", "COAT", "SEP", "SOLID", "THERMO", "CHEM", "HOST", "TEST"}),
    "H2": frozenset({"H2", "CHEM", "THERMO", "HOST", "TEST"}),
    "MIN": frozenset({"MIN", "SOLID", "SEP", "CHEM", "THERMO", "HOST"}),
    "MECH": _DEVICES | {"POLY", "H2", "BAT"},
    "ROBOT": _DEVICES,
    "MED": _DEVICES | {"POLY", "PHARMA"},
    "QUANT": frozenset({"QUANT", "IC", "TEST", "MECH", "HOST"}),
    "SW": _DEVICES,
    "FIELD": _DEVICES,
}
