"""Shapes of results, leads, offers and figures. One serializer for each audience; the selectors give the values."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from matching.enums import DeclineReason, MatchStatus
from matching.services.leads import QuoteInput
from requests.api.serializers import ConditionBody, ConditionsField
from requests.enums import AgreementStatus, Stage
from zhongshi.core.shapes import StrictSerializer


class ParseEntry(StrictSerializer):
    title = serializers.CharField(required=False, allow_blank=True, default="")
    text = serializers.CharField(allow_blank=True, trim_whitespace=False)
    conditions = ConditionsField(
        required=False,
        allow_null=True,
        help_text="As confirmed so far; `candidates` counts these instead of those read.",
    )


class ParseQuestion(serializers.Serializer[Any]):
    """What is missing and would change the result."""

    code = serializers.CharField()
    kind = serializers.CharField(help_text="The condition kind asked for.")
    quantity = serializers.CharField(allow_null=True)


class ParseBody(serializers.Serializer[Any]):
    conditions = ConditionBody(many=True)
    questions = ParseQuestion(many=True)
    candidates = serializers.IntegerField(help_text="Published capabilities that fail no hard condition so far.")


class StepBody(serializers.Serializer[Any]):
    step = serializers.CharField()
    count = serializers.IntegerField()


class ExcludedBody(serializers.Serializer[Any]):
    reason = serializers.CharField()
    kind = serializers.CharField(required=False)
    count = serializers.IntegerField()


class RelaxationBody(serializers.Serializer[Any]):
    condition = serializers.IntegerField(help_text="Its place in the need's conditions, from 0.")
    kind = serializers.CharField()
    change = serializers.JSONField(help_text="What to change in it.")
    gain = serializers.IntegerField(help_text="How many more capabilities that opens.")


class ComponentBody(serializers.Serializer[Any]):
    name = serializers.CharField()
    weight = serializers.FloatField(help_text="Its share of 100; 0 for `unknown`.")
    value = serializers.FloatField(help_text="0 to 1; of `unknown` the number of open questions that cost points.")
    points = serializers.FloatField(help_text="What it adds to the score; of `unknown` negative or 0.")


class EvidenceBody(serializers.Serializer[Any]):
    text = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    date = serializers.CharField()


class VerdictBody(serializers.Serializer[Any]):
    condition = serializers.IntegerField(help_text="Its place in the need's conditions, from 0.")
    kind = serializers.CharField()
    hard = serializers.BooleanField()
    verdict = serializers.ChoiceField(choices=["pass", "fail", "unknown"], help_text="Unknown is never fail.")
    evidence = EvidenceBody(allow_null=True)


class HeadPlatform(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    city = serializers.CharField()
    region = serializers.CharField()
    country = serializers.CharField()


class HeadCapability(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    external_id = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    platform = HeadPlatform()


class QuoteBody(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)
    currency = serializers.CharField()
    lines = serializers.ListField(child=serializers.DictField())
    valid_until = serializers.DateField()
    start = serializers.DateField(allow_null=True)
    days = serializers.IntegerField(allow_null=True)
    payment = serializers.CharField()
    note = serializers.CharField()
    quoted_at = serializers.DateTimeField()


class QuestionBody(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    text = serializers.CharField()
    asked_at = serializers.DateTimeField()
    answer = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)


class ContactsBody(serializers.Serializer[Any]):
    """How to reach the other side; null before the choice."""

    organization = serializers.CharField()
    name = serializers.CharField()
    phone = serializers.CharField()
    email = serializers.CharField()


class MatchBody(serializers.Serializer[Any]):
    """A match as the need's owner and the zone's office read it."""

    id = serializers.UUIDField()
    capability = HeadCapability()
    rank = serializers.IntegerField()
    score = serializers.FloatField(help_text="0 to 100; the components' points added up.")
    components = ComponentBody(many=True)
    verdicts = VerdictBody(many=True)
    status = serializers.ChoiceField(choices=MatchStatus.values)
    review_note = serializers.CharField()
    decline_reason = serializers.CharField()
    quotes = QuoteBody(many=True)
    questions = QuestionBody(many=True)
    contacts = ContactsBody(allow_null=True)


class RouteStepBody(serializers.Serializer[Any]):
    capability = serializers.UUIDField()
    conditions = serializers.ListField(
        child=serializers.IntegerField(), help_text="The processes it takes over: places in the need's conditions."
    )


class RoutePriceBody(serializers.Serializer[Any]):
    per_week = serializers.FloatField(allow_null=True, help_text="Sum of the weekly prices that are stated.")
    currency = serializers.CharField()
    unknown = serializers.IntegerField(help_text="Steps without a weekly price; if any, the sum is a least one.")


class RouteTimeBody(serializers.Serializer[Any]):
    start = serializers.DateField(allow_null=True)
    end = serializers.DateField(allow_null=True)
    is_booked = serializers.BooleanField(help_text="The calendars leave no such runs one after the other.")
    unknown = serializers.IntegerField(help_text="Steps without a calendar.")


class RouteDistanceBody(serializers.Serializer[Any]):
    km = serializers.IntegerField(allow_null=True, help_text="From step to step, between city centres, straight.")
    unknown = serializers.IntegerField(help_text="Ways between two steps of which a place is not known.")


class RouteTotalsBody(serializers.Serializer[Any]):
    price = RoutePriceBody()
    time = RouteTimeBody()
    distance = RouteDistanceBody()


class RouteBody(serializers.Serializer[Any]):
    """A set of capabilities that cover together what none covers alone, in the order of the processes."""

    capabilities = serializers.ListField(child=serializers.UUIDField())
    steps = RouteStepBody(many=True)
    missing = serializers.ListField(child=serializers.IntegerField(), help_text="Processes nobody covers.")
    totals = RouteTotalsBody()


class MatchesBody(serializers.Serializer[Any]):
    """The whole result of a need's present revision."""

    state = serializers.ChoiceField(choices=["scoring", "ready"])
    scored_at = serializers.DateTimeField(allow_null=True)
    rules_version = serializers.CharField(allow_null=True)
    candidates = serializers.IntegerField()
    funnel = StepBody(many=True)
    excluded = ExcludedBody(many=True)
    relaxations = RelaxationBody(many=True)
    routes = RouteBody(many=True)
    results = MatchBody(many=True)


class LeadNeed(serializers.Serializer[Any]):
    """As much of the need as the lead's stage discloses."""

    number = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    is_full_text = serializers.BooleanField(
        help_text="False for a confidential need before its agreement is in force, and in every list."
    )
    region = serializers.CharField()


class AgreementBody(serializers.Serializer[Any]):
    """The confidentiality agreement of a confidential need, as its operator reads it."""

    status = serializers.ChoiceField(choices=["none", *AgreementStatus.values])
    version = serializers.CharField(allow_null=True)
    digest = serializers.CharField(allow_null=True, help_text="SHA-256 of the whole text.")
    text = serializers.CharField(allow_null=True, help_text="What is to be signed; null once it is.")
    signed_at = serializers.DateTimeField(allow_null=True)
    signed_by = serializers.CharField(allow_null=True)


class BudgetClassBody(serializers.Serializer[Any]):
    """Between which bounds the budget lies, in yuan; null is open."""

    min = serializers.FloatField(allow_null=True)
    max = serializers.FloatField(allow_null=True)


class DisclosureBody(serializers.Serializer[Any]):
    """How far the need is disclosed to the lead's operator now."""

    stage = serializers.ChoiceField(choices=Stage.values, help_text="Each stage holds the ones before it.")
    readable = serializers.ListField(child=serializers.CharField(), help_text="What this answer discloses.")
    agreement = AgreementBody(allow_null=True, help_text="Null where the need is not confidential.")
    conditions = ConditionBody(many=True, allow_null=True, help_text="Of a confidential need; null in lists.")
    budget_class = BudgetClassBody(allow_null=True)


class LeadBody(serializers.Serializer[Any]):
    """A lead as its operator may read it now."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=MatchStatus.values)
    score = serializers.FloatField()
    answer_due_at = serializers.DateTimeField(allow_null=True)
    capability = HeadCapability()
    need = LeadNeed()
    disclosure = DisclosureBody()
    components = ComponentBody(many=True)
    verdicts = VerdictBody(many=True)
    decline_reason = serializers.CharField()
    quotes = QuoteBody(many=True)
    questions = QuestionBody(many=True)
    contacts = ContactsBody(allow_null=True)


class ReviewEntry(StrictSerializer):
    approve = serializers.BooleanField()
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")


class SignEntry(StrictSerializer):
    name = serializers.CharField(max_length=100, allow_blank=True, help_text="Full name of who signs.")
    agrees = serializers.BooleanField()
    digest = serializers.CharField(required=False, allow_blank=True, max_length=64, default="")


class NothingEntry(StrictSerializer):
    """No fields."""


class DeclineEntry(StrictSerializer):
    reason = serializers.CharField(allow_blank=True, help_text="Reaches the enterprise.")
    code = serializers.CharField(
        required=False,
        default="",
        max_length=20,
        help_text=f"The kind of reason, to be counted: {', '.join(DeclineReason.values)}.",
    )


class AskEntry(StrictSerializer):
    question = serializers.CharField(allow_blank=True, max_length=2000)


class AnswerEntry(StrictSerializer):
    answer = serializers.CharField(allow_blank=True, max_length=5000)


class QuoteLine(StrictSerializer):
    name = serializers.CharField(max_length=200)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0)


class QuoteEntry(StrictSerializer):
    """An offer."""

    amount = serializers.DecimalField(max_digits=14, decimal_places=2)
    currency = serializers.RegexField(r"^[A-Z]{3}$", required=False, default="CNY")
    lines = QuoteLine(many=True, required=False)
    valid_until = serializers.DateField()
    start = serializers.DateField(required=False, allow_null=True)
    days = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=10_000)
    payment = serializers.CharField(required=False, allow_blank=True, max_length=200)
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000)

    def offer(self) -> QuoteInput:
        """What the service takes; amounts of items as text, exactly as entered."""
        given = dict(self.validated_data)
        lines = [{"name": line["name"], "amount": str(line["amount"])} for line in given.pop("lines", [])]
        return QuoteInput(**given, lines=lines)


LEAD_STATES: dict[str, list[str]] = {status: [status] for status in MatchStatus.values} | {
    "waiting": [MatchStatus.APPROVED],
    "answered": [MatchStatus.ACCEPTED, MatchStatus.DECLINED, MatchStatus.QUOTED],
    "won": [MatchStatus.CHOSEN, MatchStatus.CONTRACTED, MatchStatus.COMPLETED],
    "closed": [MatchStatus.NOT_CHOSEN, MatchStatus.WITHDRAWN, MatchStatus.LAPSED],
}


class LeadQuery(serializers.Serializer[Any]):
    """Which leads."""

    state = serializers.ChoiceField(choices=list(LEAD_STATES), required=False, allow_blank=True)

    def statuses(self) -> list[str] | None:
        """Statuses asked for, None for all."""
        return LEAD_STATES.get(self.validated_data.get("state", ""))


class DeclinedBody(serializers.Serializer[Any]):
    reason = serializers.CharField()
    count = serializers.IntegerField()


class FunnelBody(serializers.Serializer[Any]):
    """Needs of the zone by how far they came; figures of the operators' answers."""

    funnel = StepBody(many=True)
    median_answer_hours = serializers.FloatField(allow_null=True)
    answered_in_time = serializers.FloatField(allow_null=True, help_text="Share, 0 to 1.")
    declined = DeclinedBody(many=True)
