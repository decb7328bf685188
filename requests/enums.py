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


class Stage(TextChoices):
    """How far a need is disclosed to somebody; each stage holds the ones before it."""

    NOTHING = "none", pgettext_lazy("disclosure", "nothing")
    CONDITIONS = "conditions", pgettext_lazy("disclosure", "conditions")
    TEXT = "text", pgettext_lazy("disclosure", "full text")
    CONTACTS = "contacts", pgettext_lazy("disclosure", "full text and contacts")


class Medium(TextChoices):
    """By which way somebody read a need."""

    PAGE = "page", pgettext_lazy("medium", "page")
    API = "api", pgettext_lazy("medium", "interface (API)")
    PDF = "pdf", pgettext_lazy("medium", "PDF")
    XLSX = "xlsx", pgettext_lazy("medium", "spreadsheet")
    PRINT = "print", pgettext_lazy("medium", "print")
    ADMIN = "admin", pgettext_lazy("medium", "administration site")


class AgreementStatus(TextChoices):
    """The life of a signed confidentiality agreement (保密协议); only an active one opens the text."""

    WAITING = "waiting", pgettext_lazy("agreement", "waits for the enterprise")
    ACTIVE = "active", pgettext_lazy("agreement", "in force")
    REFUSED = "refused", pgettext_lazy("agreement", "access refused")
    REVOKED = "revoked", pgettext_lazy("agreement", "access ended")


class ReturnReason(TextChoices):
    """Why the zone's office sends a need back."""

    SCALE = "scale", _("scale or throughput is missing")
    MATERIAL = "material", _("material or process is missing")
    SEVERAL = "several", _("several needs in one; please post them one by one")
    SECRET = "secret", _("contains recipes or secrets that do not belong here")
    OUTSIDE = "outside", _("not a need for pilot testing")
    OTHER = "other", _("other reason")

    @classmethod
    def with_words(cls, reason: str, words: str) -> str:
        """What the owner reads: the common reason and the words behind it."""
        label = str(cls(reason).label) if reason in cls.values and reason != cls.OTHER else ""
        return "：".join(part for part in (label, words.strip()) if part)


class ConditionOrigin(TextChoices):
    GIVEN = "given", _("entered")
    READ = "read", _("read from the text")
    ACCEPTED = "accepted", _("suggested, confirmed by the owner")
