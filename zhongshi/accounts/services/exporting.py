"""What is kept of one person, as a file for that person: for programs (JSON) and for reading (HTML), in a zip."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authtoken.models import Token

from zhongshi.accounts.models import Invitation, Membership, User
from zhongshi.accounts.personal.columns import WRITTEN
from zhongshi.accounts.personal.marks import is_written
from zhongshi.core.models import AuditEntry

from .profiles import person_note
from .two_step import has_two_step

# More than years of use leave; a longer table is cut, newest first, and the file says so.
MOST_ROWS = 20_000
Rows = list[dict[str, Any]]


def data_of(user: User) -> dict[str, Any]:
    """Return all that is kept of `user`, by table: {"account": {...}, "tables": {name: rows}, "cut": [names]}."""
    tables = {name: read(user) for name, read in _TABLES.items()}
    for label, written in WRITTEN.items():
        if written.authors:
            model = apps.get_model(label)
            own = model._base_manager.filter(is_written(written, user.pk))  # noqa: SLF001
            tables[str(model._meta.verbose_name)] = _values(own, *_shown(model, written.columns))  # noqa: SLF001
    cut = [name for name, rows in tables.items() if len(rows) == MOST_ROWS]
    return {"account": _account(user), "tables": tables, "cut": cut}


def export_file(*, user: User) -> bytes:
    """Return the zip, and note in the trail that it was made."""
    found = data_of(user)
    made_at = timezone.localtime()
    body = {"service": "zhongshi", "made_at": made_at, **found}
    page = render_to_string(
        "accounts/export.html", {"made_at": made_at, "sections": _sections(found), "cut": found["cut"]}
    )
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(body, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
        archive.writestr("data.html", page)
    person_note("data_exported", user)
    return file.getvalue()


def _account(user: User) -> dict[str, Any]:
    membership = Membership.objects.select_related("organization__zone").filter(user=user).first()
    return {
        "id": user.uuid,
        "username": user.username,
        "name": user.get_full_name(),
        "email": user.email,
        "language": user.language,
        "name_at_the_gateway": user.external_id,
        "joined": user.date_joined,
        "last_signed_in": user.last_login,
        "one_time_codes": has_two_step(user),
        "organization": membership.organization.name if membership else "",
        "role": membership.role if membership else "",
        "manages": membership.is_manager if membership else False,
    }


def _shown(model: type[Model], columns: tuple[str, ...]) -> list[str]:
    """The words of a table, with what says when and about what."""
    names = {field.name for field in model._meta.concrete_fields}  # noqa: SLF001
    about = ["number", "status", "created_at", "asked_at", "answered_at", "quoted_at", "said_at", "updated_at"]
    return [name for name in about if name in names] + list(columns)


def _values(rows: QuerySet[Any], *columns: str) -> Rows:
    return list(rows.order_by("-pk").values(*columns)[:MOST_ROWS])


def _deeds(user: User) -> Rows:
    return _values(
        AuditEntry.objects.filter(actor=user), "at", "action", "object_kind", "object_id", "to_status", "note"
    )


def _sent_invitations(user: User) -> Rows:
    return _values(Invitation.objects.filter(invited_by=user), "created_at", "email", "accepted_at", "revoked_at")


_TABLES: dict[str, Callable[[User], Rows]] = {
    "consents": lambda user: _values(user.consents.all(), "document", "version", "at"),
    "consents to passing on contacts": lambda user: _values(
        user.contact_consents.all(), "match", "version", "at", "withdrawn_at"
    ),
    "sessions": lambda user: _values(user.sessions.all(), "user_agent", "address", "created_at", "seen_at"),
    "tokens of programs": lambda user: [dict(row) for row in Token.objects.filter(user=user).values("created")],
    "notifications": lambda user: _values(user.notifications.all(), "created_at", "event", "params", "path", "read_at"),
    "deliveries": lambda user: _values(user.deliveries.all(), "created_at", "channel", "state", "sent_at"),
    "invitations sent": _sent_invitations,
    "deeds": _deeds,
}


def _sections(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The same for reading: [{"title", "headings", "rows"}]."""
    sections = [{"title": _("Account"), "headings": [], "rows": list(found["account"].items())}]
    for name, rows in found["tables"].items():
        if rows:
            sections.append({"title": name, "headings": list(rows[0]), "rows": [list(row.values()) for row in rows]})
    return sections
