"""The zone office's figures in words."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from platforms.enums import CertificateStatus, ListingStatus
from requests.enums import NeedStatus
from zhongshi.accounts.enums import OrganizationStatus
from zhongshi.core.deeds import deed
from zhongshi.core.models import AuditEntry
from zhongshi.vocabulary.enums import WordStatus
from zhongshi.vocabulary.labels import kind_label

from .enums import DeclineReason, MatchStatus, UnfitReason
from .statistics.funnels import Loss

_STEPS = {
    "submitted": pgettext_lazy("step of needs", "posted"),
    "scored": pgettext_lazy("step of needs", "put into conditions"),
    "matched": pgettext_lazy("step of needs", "got matches"),
    "approved": pgettext_lazy("step of needs", "reached an operator"),
    "accepted": pgettext_lazy("step of needs", "accepted by an operator"),
    "quoted": pgettext_lazy("step of needs", "got a quote"),
    "chosen": pgettext_lazy("step of needs", "contracted"),
    "completed": pgettext_lazy("step of needs", "completed"),
}
_WAITING = {
    MatchStatus.PROPOSED: gettext_lazy("matches that still wait for review"),
    MatchStatus.APPROVED: gettext_lazy("leads that still wait for an answer"),
    MatchStatus.LAPSED: gettext_lazy("leads nobody answered in time"),
    MatchStatus.REJECTED: gettext_lazy("matches rejected in review"),
    MatchStatus.ACCEPTED: gettext_lazy("operators that have yet to quote"),
    MatchStatus.QUOTED: gettext_lazy("quotes the enterprise has yet to decide on"),
    MatchStatus.NOT_CHOSEN: gettext_lazy("offers not chosen"),
    MatchStatus.CHOSEN: gettext_lazy("trials that are still running"),
    MatchStatus.CONTRACTED: gettext_lazy("trials that are still running"),
}


_STATES: dict[str, type[TextChoices]] = {
    "organization": OrganizationStatus,
    "platform": ListingStatus,
    "capability": ListingStatus,
    "certificate": CertificateStatus,
    "need": NeedStatus,
    "match": MatchStatus,
    "unknownword": WordStatus,
}
_TONES = {
    "submitted": "waiting",
    "checked": "waiting",
    "proposed": "waiting",
    "returned": "bad",
    "rejected": "bad",
    "approved": "done",
    "published": "done",
    "open": "active",
}
_FIELDS = {
    "name": gettext_lazy("name"),
    "operator_name": gettext_lazy("operator"),
    "operator_kind": gettext_lazy("kind of operator"),
    "country": gettext_lazy("country"),
    "city": gettext_lazy("city"),
    "level": gettext_lazy("level"),
    "operating_status": gettext_lazy("operating status"),
    "chains": gettext_lazy("industry chains"),
    "source_url": gettext_lazy("source"),
    "summary": gettext_lazy("summary"),
    "trl": gettext_lazy("technology readiness level"),
    "small_batch": gettext_lazy("small batches for sale allowed"),
    "price": gettext_lazy("price"),
    "equipment": gettext_lazy("equipment"),
    "free": gettext_lazy("free period"),
    "number": gettext_lazy("number"),
    "issuer": gettext_lazy("issuer"),
    "scope": gettext_lazy("scope"),
    "valid_from": gettext_lazy("valid from"),
    "valid_until": gettext_lazy("valid until"),
}


def state_words(kind: str, status: str) -> tuple[str, str]:
    """The state of anything on the board in words, and the tone of its pill."""
    states = _STATES.get(kind)
    label = str(states(status).label) if states and status in states.values else status
    return label, _TONES.get(status, "ended")


def field_words(field: str) -> str:
    """A field of a listing, or a kind of fact, in words."""
    return str(_FIELDS.get(field) or kind_label(field))


_KINDS = {
    "importjob": gettext_lazy("import"),
    "need": gettext_lazy("need"),
    "match": pgettext_lazy("noun", "match"),
    "platform": gettext_lazy("platform"),
    "capability": gettext_lazy("capability"),
    "certificate": gettext_lazy("certificate"),
    "organization": gettext_lazy("organization"),
    "rulesversion": gettext_lazy("rules version"),
    "unknownword": gettext_lazy("unknown word"),
    "learnedform": gettext_lazy("learned synonym"),
    "campaign": gettext_lazy("campaign"),
    "agreement": gettext_lazy("confidentiality agreement"),
    "agreementtext": gettext_lazy("text of the agreement"),
}


def kind_words(kind: str) -> str:
    """What an entry of the trail is about."""
    return str(_KINDS.get(kind, kind))


def deed_words(entry: AuditEntry) -> str:
    """An entry of the trail: a move between two states, or what was done."""
    if entry.action != "status":
        return deed(entry.action)
    return " → ".join(state_words(entry.object_kind, status)[0] for status in (entry.from_status, entry.to_status))


def step_words(code: str) -> str:
    """A step of the funnel; the code itself where nobody knows it."""
    return str(_STEPS.get(code, code))


def loss_words(loss: Loss) -> str:
    """Where most needs stop, and the main reason as far as the rows say it."""
    words = {
        "before": step_words(loss.before),
        "after": step_words(loss.after),
        "count": loss.count,
        "share": round(100 * loss.share),
    }
    where = ngettext(
        "Most are lost between “%(before)s” and “%(after)s”: %(count)s need, %(share)s %%.",
        "Most are lost between “%(before)s” and “%(after)s”: %(count)s needs, %(share)s %%.",
        loss.count,
    )
    reason = _reason(loss)
    return _("%(where)s %(reason)s") % {"where": where % words, "reason": reason} if reason else where % words


def _reason(loss: Loss) -> str:
    if loss.why is None:
        return ""
    words = {"reason": reason_words(*loss.why), "count": loss.times}
    return _("Main reason: %(reason)s (%(count)s).") % words


def _need_words(code: str) -> str:
    """What a need that nobody scored waits for."""
    if code == NeedStatus.SUBMITTED:
        return _("needs that still wait for review")
    return str(NeedStatus(code).label) if code in NeedStatus.values else code


def reason_words(group: str, code: str) -> str:
    """A reason of `Loss.why`."""
    if group == "decline":
        return decline_words(code)
    if group == "unfit":
        return unfit_words(code)
    if group == "need":
        return _need_words(code)
    if group == "condition":
        return _("“%(condition)s” is met by nobody") % {"condition": kind_label(code)}
    known = MatchStatus(code) if code in MatchStatus.values else None
    return str(_WAITING.get(known, known.label)) if known else code


def unfit_words(code: str) -> str:
    """Why enterprises turned a match down."""
    label = UnfitReason(code).label if code in UnfitReason.values else code
    return _("turned down by the enterprise: %(reason)s") % {"reason": label}


def decline_words(code: str) -> str:
    """Why operators declined."""
    return str(DeclineReason(code).label) if code in DeclineReason.values else code
