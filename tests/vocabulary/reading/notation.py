"""Conditions in one line, for tables of sentences: ``process 发酵 | ?qualification GMP | volume 50..500 L``."""

from zhongshi.vocabulary.reading import Condition, NeedReading

MARK = {"exclude": "-", "not_required": "?"}


def line(condition: Condition) -> str:
    """One condition; ``?`` does not matter, ``-`` must not be, an open bound is empty."""
    if condition.quantity is not None:
        low, high = ("" if bound is None else f"{bound:.10g}" for bound in (condition.min, condition.max))
        return f"{condition.quantity} {low}..{high} {condition.unit}"
    value = ",".join(condition.value) if isinstance(condition.value, tuple) else condition.value
    return f"{MARK.get(condition.op, '')}{condition.kind} {value}"


def lines(reading: NeedReading) -> set[str]:
    """All conditions of a reading."""
    return {line(condition) for condition in reading.conditions}
