"""Fixed values of the supply side."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ListingStatus(TextChoices):
    """The life of a platform, a capability or a certificate."""

    DRAFT = "draft", pgettext_lazy("listing", "draft")
    SUBMITTED = "submitted", pgettext_lazy("listing", "under review")
    PUBLISHED = "published", pgettext_lazy("listing", "published")
    RETURNED = "returned", pgettext_lazy("listing", "returned")
    SUSPENDED = "suspended", pgettext_lazy("listing", "suspended")


class CertificateStatus(TextChoices):
    """The life of a certificate: as a listing's, with a first check before the second person's."""

    DRAFT = "draft", pgettext_lazy("listing", "draft")
    SUBMITTED = "submitted", pgettext_lazy("listing", "under review")
    CHECKED = "checked", pgettext_lazy("certificate", "checked once, waits for a second person")
    PUBLISHED = "published", pgettext_lazy("listing", "published")
    RETURNED = "returned", pgettext_lazy("listing", "returned")
    SUSPENDED = "suspended", pgettext_lazy("listing", "suspended")


class FactKind(TextChoices):
    STAGE = "stage", _("stage")
    SERVICE = "service", _("service")
    PROCESS = "process", pgettext_lazy("unit operation", "process")
    MATERIAL = "material", _("material or product")
    PARAMETER = "parameter", _("parameter")
    QUALIFICATION = "qualification", _("qualification")
    CHAIN = "chain", _("industry chain")
    HAZARD = "hazard", _("hazard")
    REGION = "region", _("region")
    PHRASE = "phrase", _("unread phrase")


class FactSource(TextChoices):
    """Where a fact comes from."""

    DECLARED = "declared", _("stated in the source")
    READ = "read", _("read from the text")
    ANSWERED = "answered", _("answered by the operator")


class ImportState(TextChoices):
    """The life of an import; a draft is a file whose columns and mistakes are still being sorted out."""

    DRAFT = "draft", pgettext_lazy("import", "being prepared")
    WAITING = "waiting", pgettext_lazy("import", "waiting")
    RUNNING = "running", pgettext_lazy("import", "running")
    DONE = "done", pgettext_lazy("import", "done")
    FAILED = "failed", pgettext_lazy("import", "failed")
    UNDOING = "undoing", pgettext_lazy("import", "being undone")
    UNDONE = "undone", pgettext_lazy("import", "undone")


class ChangeFate(TextChoices):
    """What undoing an import did to one platform."""

    REMOVED = "removed", pgettext_lazy("import", "removed")
    RESTORED = "restored", pgettext_lazy("import", "restored")
    SUSPENDED = "suspended", pgettext_lazy("import", "suspended, because a match or a booking refers to it")
    CHANGED = "changed", pgettext_lazy("import", "left as it is, because it was changed since")


class OperatorKind(TextChoices):
    ENTERPRISE = "enterprise", _("enterprise")
    INSTITUTE = "institute", _("research institute")
    UNIVERSITY = "university", _("university")
    GOVERNMENT = "government", _("government")
    UNKNOWN = "unknown", _("not stated")


class SlotState(TextChoices):
    """What a line or device does in a week."""

    FREE = "free", pgettext_lazy("capacity", "free")
    BOOKED = "booked", pgettext_lazy("capacity", "booked")
    MAINTENANCE = "maintenance", pgettext_lazy("capacity", "maintenance")
    RESERVED = "reserved", pgettext_lazy("capacity", "reserved")
