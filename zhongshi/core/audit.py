"""The audit trail: one row for each deed, written in the deed's own transaction."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from .masking import masked
from .models import AuditEntry, PublicId


def record(
    action: str,
    row: PublicId,
    *,
    actor: AbstractBaseUser | None,
    from_status: str = "",
    to_status: str = "",
    note: str = "",
    zone_code: str = "",
    detail: dict[str, Any] | None = None,
) -> AuditEntry:
    """Write that `actor` (None: the service itself) did `action` to `row`.

    The row can never be changed again, so `detail` names people by id, and numbers and addresses in `note` are masked.
    """
    return AuditEntry.objects.create(
        actor_id=actor.pk if actor else None,
        action=action,
        object_kind=str(row._meta.model_name),  # noqa: SLF001
        object_id=row.uuid,
        from_status=from_status,
        to_status=to_status,
        note=masked(note),
        zone_code=zone_code,
        detail=detail or {},
    )
