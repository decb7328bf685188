"""Every column that can hold words has a verdict, and the privacy document says the same."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings

from zhongshi.accounts.personal.columns import KEPT, KEPT_BECAUSE, WRITTEN, holds_words, verdicts


def columns_of_words() -> set[tuple[str, str]]:
    models = [model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy]
    return {
        (model._meta.label, field.name)
        for model in models
        for field in model._meta.concrete_fields
        if holds_words(field)
    }


def test_every_column_that_can_hold_words_has_a_verdict() -> None:
    judged = {(label, column) for label, columns in verdicts().items() for column in columns}
    assert columns_of_words() - judged == set()
    assert judged - columns_of_words() == set()


def test_what_is_kept_has_a_reason() -> None:
    kept = {
        f"{label}.{name}" for label, columns in verdicts().items() for name, word in columns.items() if word == KEPT
    }
    assert kept == set(KEPT_BECAUSE)


def test_authors_are_columns_that_name_people() -> None:
    for label, written in WRITTEN.items():
        model = apps.get_model(label)
        for author in written.authors:
            assert model._meta.get_field(author).related_model._meta.label == "accounts.User", (label, author)


def test_the_document_names_what_is_kept() -> None:
    document = (settings.BASE_DIR / "docs" / "privacy.md").read_text(encoding="utf-8")
    assert [name for name in KEPT_BECAUSE if f"`{name}`" not in document] == []
