"""Conditions in one line, for tables of sentences: ``!process 发酵 | ?qualification GMP | volume 50~500 L``."""

from zhongshi.vocabulary.reading import Condition, NeedReading

MARK = {"exclude": "-", "not_required": "?"}


def line(condition: Condition) -> str:
    """One condition; ``?`` does not matter, ``-`` must not be, an open bound is empty, ``,`` separates alternatives."""
    if condition.quantity is not None:
        return _amount(condition, "..")
    value = ",".join(condition.value) if isinstance(condition.value, tuple) else condition.value
    return f"{MARK.get(condition.op, '')}{condition.kind} {value}"


def exact_line(condition: Condition) -> str:
    """The same, with ``!`` before a must, and of amounts ``..`` where all is meant, ``~`` where some will do."""
    plain = line(condition)
    if condition.quantity is not None:
        plain = _amount(condition, ".." if condition.op == "covers" else "~")
    return f"!{plain}" if condition.hard else plain


def _amount(condition: Condition, between: str) -> str:
    low, high = ("" if bound is None else f"{bound:.10g}" for bound in (condition.min, condition.max))
    return f"{condition.quantity} {low}{between}{high} {condition.unit}"


def lines(reading: NeedReading) -> set[str]:
    """All conditions of a reading."""
    return {line(condition) for condition in reading.conditions}


def exact_lines(reading: NeedReading) -> set[str]:
    """All conditions of a reading, with the marks of `exact_line`."""
    return {exact_line(condition) for condition in reading.conditions}
