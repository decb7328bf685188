"""Sealing the audit trail: each link's digest covers the link before and all of one entry.

Entries are sealed after they are committed, by one sealer at a time, so that whoever writes one waits for nobody.
`audit_verify` walks the chain; docs/adr/0015 says what it proves and what only an anchor kept elsewhere proves.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection, transaction
from django.db.models import Count, Q

from .models import AuditEntry, AuditSeal

BATCH = 5000
PATIENCE_SECONDS = 5.0
_FORM = "1"
_LOCK = 4_201_015
_WRITERS = """
    SELECT DISTINCT virtualtransaction FROM pg_locks
    WHERE locktype = 'relation' AND relation = 'core_auditentry'::regclass AND mode = 'RowExclusiveLock'
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid <> pg_backend_pid()
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one zone's part of the trail is sealed: number of sealed rows, the newest of them, rows that wait."""

    sealed: int
    sealed_to: datetime | None
    waiting: int


def link_digest(sequence: int, previous: str, entry: AuditEntry) -> str:
    """Return the SHA-256 (64 hex digits) of one link. Every column of the entry counts, and nothing else does."""
    said = [
        entry.pk,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.zone_code,
        entry.action,
        entry.object_kind,
        str(entry.object_id),
        entry.from_status,
        entry.to_status,
        entry.note,
        entry.detail,
    ]
    body = json.dumps([_FORM, sequence, previous, said], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest()


def last_seal() -> AuditSeal | None:
    """The end of the chain, None before the first."""
    return AuditSeal.objects.order_by("-sequence").first()


def seal(*, most: int = BATCH) -> int:
    """Seal what is settled, in the order of the ids, at most `most` entries; how many. Beside itself without harm."""
    upto = _settled()
    if upto is None:
        return 0
    with transaction.atomic():
        if not _is_alone():
            return 0
        last = last_seal()
        sequence, previous, after = (last.sequence, last.digest, last.entry_id) if last else (0, "", 0)
        links = []
        for entry in AuditEntry.objects.filter(pk__gt=after, pk__lte=upto).order_by("pk")[:most]:
            sequence += 1
            digest = link_digest(sequence, previous, entry)
            links.append(AuditSeal(sequence=sequence, entry_id=entry.pk, previous=previous, digest=digest))
            previous = digest
        AuditSeal.objects.bulk_create(links)
    return len(links)


def _settled() -> int | None:
    """Return the id up to which no entry can appear any more, None where a writer takes longer than our patience.

    A writer holds its lock on the table from before it draws an id until it commits. So whoever drew an id below the
    highest one seen is among the writers found after it was seen, or is done; later ones draw higher ids.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM core_auditentry")
        highest: int | None = cursor.fetchone()[0]
        cursor.execute(_WRITERS)
        writers = {row[0] for row in cursor.fetchall()}
        until = time.monotonic() + PATIENCE_SECONDS
        while writers:
            if time.monotonic() > until:
                return None
            time.sleep(0.05)
            cursor.execute(_WRITERS)
            writers &= {row[0] for row in cursor.fetchall()}
    return highest


def _is_alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def waiting() -> int:
    """How many entries have no seal yet; more than a minute's worth means that nobody seals."""
    last = last_seal()
    return AuditEntry.objects.filter(pk__gt=last.entry_id if last else 0).count()


def standing(zone_code: str) -> Standing:
    """How far the trail of one zone is sealed; says nothing of other zones."""
    last = last_seal()
    rows = AuditEntry.objects.filter(zone_code=zone_code)
    ours = Q(pk__lte=last.entry_id if last else 0)
    counted = rows.order_by().aggregate(sealed=Count("pk", filter=ours), waiting=Count("pk", filter=~ours))
    newest = rows.filter(ours).order_by("-pk").values_list("at", flat=True).first()
    return Standing(counted["sealed"], newest, counted["waiting"])
