"""Fixed values of the vocabulary."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TermKind(TextChoices):
    """What a term names; also the kinds of conditions and facts that carry a value."""

    CHAIN = "chain", _("industry chain")
    STAGE = "stage", _("stage")
    SERVICE = "service", _("service")
    PROCESS = "process", pgettext_lazy("unit operation", "process")
    MATERIAL = "material", _("material or product")
    QUALIFICATION = "qualification", _("qualification")
    HAZARD = "hazard", _("hazard")
    REGION = "region", _("region")
    QUANTITY = "quantity", _("quantity")
    UNIT = "unit", _("unit")


class ConditionKind(TextChoices):
    """Kinds of conditions in the exchange format."""

    CHAIN = "chain", _("industry chain")
    STAGE = "stage", _("stage")
    SERVICE = "service", _("service")
    PROCESS = "process", pgettext_lazy("unit operation", "process")
    MATERIAL = "material", _("material or product")
    PARAMETER = "parameter", _("parameter")
    QUALIFICATION = "qualification", _("qualification")
    REGION = "region", _("region")
    HAZARD = "hazard", _("hazard")
    BUDGET = "budget", _("budget")
    START_BY = "start_by", _("start by")
    DURATION = "duration", _("duration")
    WINDOW = "window", _("time window")


class Operator(TextChoices):
    """How a condition meets a fact (the exchange format's `op`)."""

    REQUIRE = "require", pgettext_lazy("operator", "must have")
    EXCLUDE = "exclude", pgettext_lazy("operator", "must not have")
    NOT_REQUIRED = "not_required", pgettext_lazy("operator", "does not matter")
    COVERS = "covers", pgettext_lazy("operator", "must cover")
    OVERLAPS = "overlaps", pgettext_lazy("operator", "must meet")


class WordStatus(TextChoices):
    """The life of a word nobody knew."""

    OPEN = "open", pgettext_lazy("unknown word", "to be decided")
    ADDED = "added", pgettext_lazy("unknown word", "in the vocabulary")
    DISMISSED = "dismissed", pgettext_lazy("unknown word", "dismissed")
