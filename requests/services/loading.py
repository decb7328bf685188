"""Needs from exchange files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from requests.enums import ConditionOrigin, NeedStatus, Visibility
from requests.models import Need
from requests.records import conditions_from
from zhongshi.accounts.models import Organization
from zhongshi.core.errors import InvalidInput
from zhongshi.core.transitions import advance

from .needs import conditions_replace, keep_revision, need_insert, open_submitted
from .reading import check_words

_COLUMNS = frozenset({"id", "title", "text", "country", "region", "conditions", "visibility"})


def need_load(*, record: Mapping[str, Any], organization: Organization, publish: bool = False) -> str:
    """Store one exchange record as a need of `organization`; "created", "updated" or "unchanged".

    Idempotent by the record's id. Unknown keys are kept in `extra`. Raises InvalidInput naming the field. With
    `publish` the need is opened, hence scored.
    """
    external_id, title, text = str(record.get("id") or ""), str(record.get("title") or ""), record.get("text")
    if not external_id:
        raise InvalidInput(errors={"id": [_("An id is missing.")]})
    if not isinstance(text, str):
        raise InvalidInput(errors={"text": [_("Must be text.")]})
    check_words(title=title, text=text)
    given = record.get("conditions") or []
    if not isinstance(given, list):
        raise InvalidInput(errors={"conditions": [_("Must be a list.")]})
    rows = conditions_from(given, origin=ConditionOrigin.GIVEN)
    digest = hashlib.sha256(json.dumps(record, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    columns = {
        "title": title,
        "text": text,
        "country": record.get("country") or "",
        "region": record.get("region") or "",
        "visibility": record.get("visibility") if record.get("visibility") in Visibility.values else Visibility.MATCHED,
        "body_digest": digest,
        "extra": {key: part for key, part in record.items() if key not in _COLUMNS},
    }
    with transaction.atomic():
        need = Need.objects.select_for_update().filter(organization=organization, external_id=external_id).first()
        if need and need.body_digest == digest:
            return "unchanged"
        outcome = "updated" if need else "created"
        need = _written(need, organization, external_id, columns)
        conditions_replace(need, rows)
        keep_revision(need, None)
        if publish:
            _opened(need)
    return outcome


def _written(need: Need | None, organization: Organization, external_id: str, columns: dict[str, Any]) -> Need:
    if need is None:
        return need_insert(organization=organization, zone=organization.zone, external_id=external_id, **columns)
    for name, value in columns.items():
        setattr(need, name, value)
    need.revision += 1
    need.save()
    return need


def _opened(need: Need) -> None:
    if need.status in {NeedStatus.DRAFT, NeedStatus.RETURNED}:
        advance(need, NeedStatus.SUBMITTED, actor=None, zone_code=need.zone.code)
    if need.status == NeedStatus.SUBMITTED:
        open_submitted(need)
