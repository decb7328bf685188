"""Fixed values of the demand side."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NeedStatus(TextChoices):
    """The life of a need (需求)."""

    DRAFT = "draft", pgettext_lazy("need", "draft")
    SUBMITTED = "submitted", pgettext_lazy("need", "submitted")
    RETURNED = "returned", pgettext_lazy("need", "returned for clarification")
    OPEN = "open", pgettext_lazy("need", "open")
    CONTRACTED = "contracted", pgettext_lazy("need", "contracted")
    COMPLETED = "completed", pgettext_lazy("need", "completed")
    WITHDRAWN = "withdrawn", pgettext_lazy("need", "withdrawn")
    EXPIRED = "expired", pgettext_lazy("need", "expired")


class Visibility(TextChoices):
    """Who may read the full text."""

    PUBLIC = "public", _("everybody")
    MATCHED = "matched", _("matched operators")
    NDA = "nda", _("matched operators after a confidentiality agreement")


class ConditionOrigin(TextChoices):
    GIVEN = "given", _("entered")
    READ = "read", _("read from the text")
    ACCEPTED = "accepted", _("suggested, confirmed by the owner")
