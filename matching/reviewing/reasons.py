"""The common reasons to send something back, for each kind of thing on the board."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from requests.enums import ReturnReason

OTHER = "other"
_OTHER = (OTHER, _("other reason"))
_COMMON = [("incomplete", _("important details are missing")), ("unclear", _("some of it cannot be understood"))]
_LISTING = [
    *_COMMON,
    ("figures", _("figures come without a unit or a range")),
    ("source", _("nothing shows where the facts come from")),
    ("duplicate", _("the same is listed already")),
    _OTHER,
]
_REASONS: dict[str, list[tuple[str, Any]]] = {
    "organization": [
        ("identity", _("name and unified social credit code do not belong together")),
        ("contact", _("nobody can be reached under the contact given")),
        ("outside", _("the organization does not belong to this zone")),
        ("duplicate", _("the organization is registered already")),
        _OTHER,
    ],
    "platform": _LISTING,
    "capability": _LISTING,
    "certificate": [
        ("number", _("number or issuer is missing")),
        ("expired", _("the certificate has run out")),
        ("scope", _("its scope does not cover the service")),
        ("unverified", _("the issuer does not confirm it")),
        _OTHER,
    ],
    "need": list(ReturnReason.choices),
    "match": [
        ("scale", _("the scale does not fit in practice")),
        ("stopped", _("the platform is not in operation")),
        ("misread", _("a condition was misunderstood")),
        ("conflict", _("the parties have a conflict of interest")),
        _OTHER,
    ],
}


def reasons_for(kind: str) -> list[tuple[str, Any]]:
    """[(code, words)] for one kind; the reasons that fit everything where the kinds are mixed."""
    return _REASONS.get(kind, [*_COMMON, _OTHER])


def note_of(kind: str, reason: str, words: str) -> str:
    """What the other side reads: the common reason, and the words behind it."""
    label = "" if reason in ("", OTHER) else str(dict(reasons_for(kind)).get(reason, ""))
    words = words.strip()
    return f"{label}：{words}" if label and words else label or words
