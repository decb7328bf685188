"""Every column that can hold words, with a verdict: what erasing a person does to it. A test fails for one without.

Tables above this app are named by their labels: this is a list about the database, not a use of those apps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# Codes, digests, units, names of things: nothing of a person.
NOTHING = "nothing"
# About one person: emptied or removed with the account.
ERASED = "erased"
# Words people write: numbers and addresses of the erased person are masked, in own rows the name as well.
MASKED = "masked"
# Public or contractual statements of an organization about itself, which outlive the person who typed them.
BUSINESS = "business"
# Short-lived: a retention job removes the row, see docs/privacy.md.
PASSING = "passing"
# Kept as it is, for the reason given in KEPT_BECAUSE.
KEPT = "kept"

KEPT_BECAUSE = {
    "core.AuditEntry.note": (
        "reasons of decisions, without numbers and addresses; a trail that can be changed proves nothing"
    ),
    "core.AuditEntry.detail": "names rows and people by id only",
    "requests.Agreement.typed_name": "the signature under an agreement on confidentiality, proof for the other side",
    "requests.Agreement.address": "part of that signature",
    "requests.Agreement.words": "what was signed, letter for letter",
    "requests.Disclosure.address": "who read a trade secret, and from where: proof for its owner",
}


@dataclass(frozen=True, slots=True)
class Written:
    """A table of words people write: which columns, and who wrote a row."""

    columns: tuple[str, ...]
    authors: tuple[str, ...] = ()


# Where words of people are kept, in the order in which an export lists them.
WRITTEN: dict[str, Written] = {
    "requests.Need": Written(("title", "text", "extra"), ("created_by",)),
    "requests.NeedRevision": Written(("title", "text", "conditions"), ("created_by",)),
    "requests.Condition": Written(("text", "value", "extra")),
    "requests.NeedDraft": Written(("typed",)),
    "requests.Campaign": Written(("title", "title_en", "text", "text_en"), ("created_by",)),
    "requests.AgreementText": Written(("chinese", "english"), ("created_by",)),
    "requests.NeedTerms": Written(("own_text",), ("updated_by",)),
    "requests.Disclosure": Written(("reason",), ("user",)),
    "requests.ReadingReason": Written(("reason",), ("user",)),
    "matching.Question": Written(("text", "answer"), ("asked_by", "answered_by")),
    "matching.Quote": Written(("lines", "payment", "note"), ("quoted_by",)),
    "matching.Match": Written(
        ("review_note", "decline_reason", "verdicts"), ("reviewed_by", "answered_by", "nominated_by")
    ),
    "matching.Dismissal": Written(("words",), ("said_by",)),
    "matching.RulesVersion": Written(("note",), ("created_by",)),
    "platforms.CapacitySlot": Written(("note",), ("updated_by",)),
    "accounts.Organization": Written(("review_note",)),
    "core.Notification": Written(("params",)),
    "core.OutboxEvent": Written(("payload", "last_error", "key")),
    "core.Delivery": Written(("problem",)),
    "admin.LogEntry": Written(("object_repr", "change_message"), ("user",)),
}

_BY_VERDICT: dict[str, dict[str, str]] = {
    NOTHING: {
        "admin.LogEntry": "object_id",
        "auth.Permission": "name codename",
        "auth.Group": "name",
        "contenttypes.ContentType": "app_label model",
        "core.AuditEntry": "zone_code action object_kind from_status to_status",
        "core.AuditSeal": "previous digest",
        "core.OutboxEvent": "topic handler cause",
        "core.Pulse": "name",
        "core.Notification": "event path dedupe_key",
        "core.NoticeSettings": "muted",
        "core.Robot": "name address secret",
        "core.Delivery": "key",
        "accounts.Zone": "code name name_en",
        "accounts.Organization": "name credit_code region",
        "accounts.Registration": "language consent_version",
        "accounts.Invitation": "language",
        "accounts.ConsentRecord": "document version",
        "accounts.ContactConsent": "version",
        "accounts.RateBudget": "key",
        "accounts.SignInPause": "key",
        "vocabulary.Term": "code name_zh name_en parent attributes version source",
        "vocabulary.Synonym": "form language source",
        "vocabulary.UnknownWord": "word folded decided_zone",
        "vocabulary.Sighting": "mark zone_code",
        "platforms.CalendarFeed": "token_digest",
        "platforms.ImportMapping": "headings columns",
        "requests.Need": "number external_id country region idempotency_key body_digest",
        "requests.Condition": "quantity unit",
        "requests.NeedDraft": "form",
        "requests.Campaign": "chains",
        "requests.Agreement": "version digest",
        "requests.Disclosure": "fields",
        "matching.Quote": "currency",
        "matching.Match": "components",
        "matching.RulesVersion": "weights",
        "matching.LearnedForm": "kind form value",
        "matching.ScoringRun": "rules_version engine_version input_digest funnel excluded relaxations routes",
    },
    ERASED: {
        "sessions.Session": "session_key session_data",
        "authtoken.Token": "key",
        "otp_totp.TOTPDevice": "name key",
        "otp_static.StaticDevice": "name",
        "otp_static.StaticToken": "token",
        "accounts.User": "password username first_name last_name email external_id",
        "accounts.Organization": "contact_name contact_phone contact_email",
        "accounts.Registration": "organization person_name email password",
        "accounts.Invitation": "email",
        "accounts.UserSession": "user_agent address",
    },
    BUSINESS: {
        "platforms.ListingVersion": "kind record",
        "platforms.Platform": (
            "external_id name operator_name country region city chains level operating_status source_url source_date"
            " source_grade extra digest"
        ),
        "platforms.Capability": "external_id name summary price extra",
        "platforms.Fact": "value quantity unit dimension text source_date field extra",
        "platforms.Equipment": "name model extra",
        "platforms.Certificate": "qualification number issuer scope extra",
    },
    PASSING: {
        "platforms.ImportJob": "file_name sheet headings columns fixes rows counts errors failed_rows",
        "platforms.ImportFile": "content sheets table",
        "platforms.ImportChange": "name before after",
    },
    KEPT: {
        "core.AuditEntry": "note detail",
        "requests.Agreement": "typed_name address words",
        "requests.Disclosure": "address",
    },
}


def verdicts() -> dict[str, dict[str, str]]:
    """Return {label of a model: {column: verdict}}."""
    found: dict[str, dict[str, str]] = {}
    for verdict, tables in _BY_VERDICT.items():
        for label, names in tables.items():
            found.setdefault(label, {}).update(dict.fromkeys(names.split(), verdict))
    for label, written in WRITTEN.items():
        found.setdefault(label, {}).update(dict.fromkeys(written.columns, MASKED))
    return found


def holds_words(field: Any) -> bool:
    """Whether a column can hold words at all: text without fixed choices, JSON, bytes, an address of the network."""
    kinds = {"CharField", "TextField", "EmailField", "JSONField", "BinaryField", "GenericIPAddressField", "URLField"}
    kinds |= {"SlugField", "FileField", "ImageField", "ArrayField", "FilePathField"}
    is_word = field.get_internal_type() in kinds and not field.choices
    # What `transitions.advance` moves through fixed values; the choices are on the model that has them.
    return is_word and field.name != "status"
