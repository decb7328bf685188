"""The weights of the score: what an administrator may change, under a version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

ENGINE_VERSION = "2"
WEIGHTS = ("process", "product", "scale", "terms", "region", "budget")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Weights are shares, made to sum to 100 over what the need asks about.

    `unknown` is the points an open question costs, `unknown_must` on a hard condition, `unknown_beside` there where
    the listing states other things of the kind and not this one. `likely_value` is what a phrase that probably means
    the operation asked for is worth.
    The `*_value` numbers (0..1) say what a near miss is worth within its component.
    """

    version: str = "1"
    process: float = 40.0
    product: float = 25.0
    scale: float = 10.0
    terms: float = 6.0
    region: float = 12.0
    budget: float = 6.0
    unknown: float = 1.0
    unknown_must: float = 8.0
    unknown_beside: float = 30.0
    likely_value: float = 0.95
    same_platform_value: float = 0.7
    broader_process_value: float = 0.5
    related_process_value: float = 0.35
    same_family_value: float = 0.2
    same_chain_value: float = 0.35
    near_chain_value: float = 0.15
    same_province_value: float = 0.85
    same_cluster_value: float = 0.5
    same_country_value: float = 0.4
    unknown_value: float = 0.2

    @classmethod
    def from_mapping(cls, weights: Mapping[str, object], *, version: str) -> Rules:
        """Build rules from stored weights. Names it does not know and values that are no number raise ValueError."""
        known = {part.name for part in fields(cls)} - {"version"}
        strange = sorted(set(weights) - known)
        if strange:
            raise ValueError(f"unknown weights: {', '.join(strange)}")
        numbers = {name: _positive(name, value) for name, value in weights.items()}
        return cls(version=version, **numbers)

    def as_mapping(self) -> dict[str, float]:
        """Return the weights as stored: every name with its number, without the version."""
        return {name: value for name, value in asdict(self).items() if name != "version"}


def _positive(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
        raise ValueError(f"{name} must be a number from 0 to 100")
    return float(value)
