"""Serializers every app's API builds on."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers


class StrictSerializer(serializers.Serializer[Any]):
    """Input that refuses keys it does not know: a misspelt `visibilty` must not pass as "not given"."""

    def to_internal_value(self, data: Any) -> Any:
        """Validate the shape. Raises ValidationError naming unknown keys, or else the bad fields."""
        if isinstance(data, dict):
            unknown = [str(key) for key in data if key not in self.fields]
            if unknown:
                raise serializers.ValidationError({key: [_("Unknown field.")] for key in unknown})
        return super().to_internal_value(data)


class ErrorBody(serializers.Serializer[Any]):
    """What every refusal looks like."""

    code = serializers.CharField(help_text="Stable word for programs, e.g. `invalid`, `not_found`, `lost_race`.")
    detail = serializers.CharField(help_text="One sentence for people, in the language of Accept-Language.")
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="By field, nested ones as `conditions.2.unit`.",
    )
