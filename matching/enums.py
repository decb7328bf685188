"""Fixed values of the matching side."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MatchStatus(TextChoices):
    """The life of a match (撮合); from `approved` on the operator sees it as a lead."""

    PROPOSED = "proposed", pgettext_lazy("match", "proposed")
    APPROVED = "approved", pgettext_lazy("match", "waiting for the operator")
    REJECTED = "rejected", pgettext_lazy("match", "rejected by the zone")
    ACCEPTED = "accepted", pgettext_lazy("match", "accepted")
    DECLINED = "declined", pgettext_lazy("match", "declined")
    LAPSED = "expired", pgettext_lazy("match", "expired")
    QUOTED = "quoted", pgettext_lazy("match", "quoted")
    CHOSEN = "chosen", pgettext_lazy("match", "chosen")
    NOT_CHOSEN = "not_chosen", pgettext_lazy("match", "not chosen")
    CONTRACTED = "contracted", pgettext_lazy("match", "contracted")
    COMPLETED = "completed", pgettext_lazy("match", "completed")
    WITHDRAWN = "withdrawn", pgettext_lazy("match", "withdrawn")


UNANSWERED = frozenset({MatchStatus.PROPOSED, MatchStatus.APPROVED})
IN_TALKS = frozenset({MatchStatus.APPROVED, MatchStatus.ACCEPTED, MatchStatus.QUOTED})
RELEASED = frozenset({MatchStatus.CHOSEN, MatchStatus.CONTRACTED, MatchStatus.COMPLETED})
AS_LEAD = frozenset(MatchStatus) - {MatchStatus.PROPOSED, MatchStatus.REJECTED}


class DeclineReason(TextChoices):
    """Why an operator says no; counted, so that the zone learns what is missing."""

    NO_CAPACITY = "no_capacity", _("no free capacity in time")
    OUT_OF_SCOPE = "out_of_scope", _("outside what we do")
    SCALE = "scale", _("scale does not fit")
    PERMIT = "permit", _("permit or safety condition cannot be met")
    PRICE = "price", _("budget does not cover it")
    OTHER = "other", _("other reason")


class UnfitReason(TextChoices):
    """Why an enterprise says that a match does not fit; counted, so that ranking and listings learn from it."""

    PROCESS = "process", pgettext_lazy("unfit", "process or equipment does not fit")
    SCALE = "scale", pgettext_lazy("unfit", "scale does not fit")
    PRICE = "price", pgettext_lazy("unfit", "too expensive")
    TIME = "time", pgettext_lazy("unfit", "too late")
    PLACE = "place", pgettext_lazy("unfit", "too far away")
    PERMIT = "permit", pgettext_lazy("unfit", "permits or quality system not sufficient")
    KNOWN = "known", pgettext_lazy("unfit", "we know this platform and decided otherwise")
    OTHER = "other", pgettext_lazy("unfit", "other reason")
