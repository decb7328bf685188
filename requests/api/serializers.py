"""Shapes of needs: what an enterprise sends, what its owner and the zone's office read."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from requests.disclosure import is_confidential, unworded
from requests.enums import NeedStatus, Visibility
from requests.models import Need
from requests.records import condition_record
from requests.services.needs import NeedInput
from zhongshi.core.shapes import StrictSerializer
from zhongshi.vocabulary.enums import ConditionKind, Operator

_YUAN = {"": 1, "CNY": 1, "RMB": 1, "元": 1, "yuan": 1, "万元": 10_000, "万": 10_000, "亿元": 100_000_000}

_MOST_YUAN = 1e12
_BUDGET = {
    "oneOf": [
        {"type": "number"},
        {
            "type": "object",
            "required": ["max"],
            "properties": {
                "max": {"type": "number"},
                "unit": {"type": "string", "enum": [unit for unit in _YUAN if unit]},
            },
        },
    ],
    "nullable": True,
}


class ConditionBody(serializers.Serializer[Any]):
    """A condition of the exchange format: a value, or a quantity with bounds (null: open) in a unit.

    `window` conditions carry earliest_start, latest_start and weeks instead. Unknown keys are kept.
    """

    kind = serializers.ChoiceField(choices=ConditionKind.values)
    value = serializers.JSONField(required=False, help_text="A word or code; for regions a list of which any will do.")
    quantity = serializers.CharField(required=False)
    min = serializers.FloatField(required=False, allow_null=True)
    max = serializers.FloatField(required=False, allow_null=True)
    unit = serializers.CharField(required=False)
    op = serializers.ChoiceField(choices=Operator.values, required=False)
    hard = serializers.BooleanField(required=False, help_text="Must be met; otherwise it only counts in the score.")
    text = serializers.CharField(required=False, help_text="The words it was read from.")
    span = serializers.ListField(
        child=serializers.IntegerField(),
        required=False,
        help_text="Where they stand, in characters of title + newline + text.",
    )
    confidence = serializers.FloatField(required=False)
    origin = serializers.CharField(required=False, help_text="given, read or accepted")


@extend_schema_field(_BUDGET)
class BudgetField(serializers.Field):  # type: ignore[type-arg]
    """An upper bound in yuan: a number, or {"max", "unit"} with 元, 万元 or 亿元."""

    def to_internal_value(self, data: Any) -> float:
        """Return yuan."""
        amount, unit = (data.get("max"), data.get("unit", "")) if isinstance(data, dict) else (data, "")
        if isinstance(amount, bool) or not isinstance(amount, int | float):
            raise serializers.ValidationError([_("Must be a number.")])
        if not isinstance(unit, str) or unit not in _YUAN:
            raise serializers.ValidationError([_("Give the budget in yuan (元, 万元, 亿元).")])
        if abs(amount) > _MOST_YUAN:
            raise serializers.ValidationError([_("This is too large.")])
        return float(amount) * _YUAN[unit]

    def to_representation(self, value: float) -> float:
        """Yuan, as they are."""
        return value


@extend_schema_field(ConditionBody(many=True))
class ConditionsField(serializers.ListField):
    """Conditions as they come: the service names what is wrong with each, and keeps keys it does not know."""

    child = serializers.DictField()


class NeedBody(serializers.Serializer[Need]):
    """A need as its owner and the zone's office read it; needs `conditions` prefetched."""

    id = serializers.UUIDField(source="uuid")
    number = serializers.CharField(help_text="For people: N-2026-0417.")
    external_id = serializers.CharField(allow_null=True)
    title = serializers.CharField()
    text = serializers.CharField()
    region = serializers.CharField()
    country = serializers.CharField()
    visibility = serializers.ChoiceField(choices=Visibility.values)
    status = serializers.ChoiceField(choices=NeedStatus.values)
    revision = serializers.IntegerField(help_text="Send it back with a change.")
    conditions = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    @extend_schema_field(ConditionBody(many=True))
    def get_conditions(self, row: Need) -> list[dict[str, Any]]:
        """In the exchange format, with `span`, `confidence` and `origin`."""
        return [condition_record(condition) for condition in row.conditions.all()]


class _Kept(serializers.CharField):
    """Words that are not disclosed: empty, whatever the row holds."""

    def to_representation(self, value: Any) -> str:
        """Nothing."""
        return ""


class OutlineBody(NeedBody):
    """A confidential need as far as it may be read without a reason: no words, conditions without theirs."""

    title = _Kept()
    text = _Kept()

    @extend_schema_field(ConditionBody(many=True))
    def get_conditions(self, row: Need) -> list[dict[str, Any]]:
        """Without their original words."""
        return [dict(unworded(condition_record(condition))) for condition in row.conditions.all()]


class OfficeLine(NeedBody):
    """A need in the list of the zone's office: lists disclose no confidential one, whatever reason was given."""

    def to_representation(self, instance: Need) -> Any:
        """The need, or its outline."""
        return OutlineBody(instance).data if is_confidential(instance) else super().to_representation(instance)


class ReasonEntry(StrictSerializer):
    reason = serializers.CharField(allow_blank=True, max_length=300, help_text="The enterprise reads it.")


class NeedEntry(StrictSerializer):
    """What an enterprise posts. Without `conditions` they are read from title and text."""

    title = serializers.CharField(allow_blank=True)
    text = serializers.CharField(allow_blank=True, trim_whitespace=False)
    conditions = ConditionsField(required=False, allow_null=True)
    country = serializers.CharField(required=False, allow_blank=True, max_length=10)
    region = serializers.CharField(
        required=False, allow_blank=True, allow_null=True, max_length=60, help_text="Where the enterprise is."
    )
    budget = BudgetField(required=False, allow_null=True, help_text="At most this many yuan.")
    visibility = serializers.ChoiceField(choices=Visibility.values, required=False)

    def need_input(self) -> NeedInput:
        """What the service takes."""
        given = {name: value for name, value in self.validated_data.items() if value is not None}
        return NeedInput(**given)


class NeedChange(StrictSerializer):
    """A change of a need: the `revision` seen, and what is different. What is not named stays.

    Where title or text change and no `conditions` are sent, those once read from the words are read anew.
    """

    revision = serializers.IntegerField(min_value=1, max_value=2_000_000_000)
    title = serializers.CharField(required=False, allow_blank=True)
    text = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False)
    conditions = ConditionsField(required=False)
    country = serializers.CharField(required=False, allow_blank=True, max_length=10)
    region = serializers.CharField(required=False, allow_blank=True, max_length=60)
    budget = BudgetField(required=False, allow_null=True)
    visibility = serializers.ChoiceField(choices=Visibility.values, required=False)


class WithdrawEntry(StrictSerializer):
    note = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")


class NeedQuery(serializers.Serializer[Any]):
    """Filters of one's needs."""

    status = serializers.ChoiceField(choices=NeedStatus.values, required=False)
