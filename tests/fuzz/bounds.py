"""How long the properties are tried: in the suite always the same few cases, under `make fuzz` many others."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

IS_DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"


def bounded(examples: int, *, steps: int = 50) -> settings:
    """`examples` in the suite, ten times as many and with a seed of the day under `make fuzz`."""
    return settings(
        max_examples=examples * 10 if IS_DEEP else examples,
        stateful_step_count=steps,
        derandomize=not IS_DEEP,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
    )
