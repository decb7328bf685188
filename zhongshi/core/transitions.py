"""The one door of a status."""

from typing import Any, TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from .audit import record
from .errors import IllegalTransition, StaleTransition
from .models import Stateful

Row = TypeVar("Row", bound=Stateful)


def advance(
    row: Row,
    target: str,
    *,
    actor: AbstractBaseUser | None,
    note: str = "",
    zone_code: str = "",
    **fields: Any,
) -> Row:
    """Move `row` to `target`, set `fields` with it, and log the move; call inside a transaction.

    Raises IllegalTransition where the table forbids the move, StaleTransition where the row no longer has the
    status the caller saw: the UPDATE repeats that status, so of two rivals exactly one finds its row.
    """
    seen = row.status
    if target not in row.TRANSITIONS.get(seen, frozenset()):
        raise IllegalTransition
    changes: dict[str, Any] = {"status": target, "status_changed_at": timezone.now(), **fields}
    moved = type(row)._default_manager.filter(pk=row.pk, status=seen).update(**changes)  # noqa: SLF001
    if moved != 1:
        raise StaleTransition
    for name, value in changes.items():
        setattr(row, name, value)
    record("status", row, actor=actor, from_status=seen, to_status=target, note=note, zone_code=zone_code)
    return row
