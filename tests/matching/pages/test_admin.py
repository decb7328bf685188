"""The superuser's admin shows every table and moves no status."""

from __future__ import annotations

import pytest
from django.contrib.admin import site
from django.test import Client
from django.urls import reverse

from matching.models import Match
from requests.models import Need
from tests.factories import QuestionFactory, QuoteFactory, UserFactory
from zhongshi.vocabulary.models import Term

PAGES = [
    "requests_need",
    "matching_match",
    "matching_question",
    "matching_quote",
    "matching_rulesversion",
    "matching_scoringrun",
    "platforms_platform",
    "platforms_capability",
    "platforms_importjob",
    "vocabulary_term",
    "vocabulary_synonym",
]


@pytest.fixture
def root(db: None) -> Client:
    client = Client()
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    return client


@pytest.mark.parametrize("page", PAGES)
def test_every_list_opens_and_can_be_searched(page: str, root: Client, lead: Match) -> None:
    QuoteFactory.create(match=lead)
    QuestionFactory.create(match=lead)

    assert root.get(reverse(f"admin:{page}_changelist")).status_code == 200


def test_rows_open(root: Client, lead: Match) -> None:
    rows = {"requests_need": lead.need, "matching_match": lead, "platforms_capability": lead.capability}
    for page, row in rows.items():
        assert root.get(reverse(f"admin:{page}_change", args=[row.pk])).status_code == 200


def test_a_needs_status_is_not_moved_here(root: Client, need: Need) -> None:
    address = reverse("admin:requests_need_change", args=[need.pk])
    body = {"organization": need.organization_id, "zone": need.zone_id, "visibility": "nda", "extra": "{}"}
    inlines = {
        f"{name}-{field}": "0" for name in ("conditions", "revisions") for field in ("TOTAL_FORMS", "INITIAL_FORMS")
    }

    root.post(address, {**body, **inlines, "status": "withdrawn", "revision": "9"})

    need.refresh_from_db()
    assert (need.status, need.revision) == ("open", 1)


def test_a_match_is_only_looked_at(root: Client, lead: Match) -> None:
    assert root.post(reverse("admin:matching_match_change", args=[lead.pk]), {"score": "1"}).status_code == 403
    lead.refresh_from_db()
    assert lead.score == 80.0


def test_a_term_changed_here_survives_the_next_load(root: Client) -> None:
    term = Term.objects.create(kind="process", code="x", name_zh="旧名")
    body = {"kind": "process", "code": "x", "name_zh": "新名", "attributes": "{}"}
    synonym = {
        "synonyms-TOTAL_FORMS": "1",
        "synonyms-INITIAL_FORMS": "0",
        "synonyms-0-form": "别名",
        "synonyms-0-language": "zh",
    }

    answer = root.post(reverse("admin:vocabulary_term_change", args=[term.pk]), {**body, **synonym})

    term.refresh_from_db()
    assert answer.status_code == 302
    assert (term.name_zh, term.is_edited, term.synonyms.get().is_edited) == ("新名", True, True)


def test_lists_do_not_count_whole_tables() -> None:
    ours = ("requests", "matching", "platforms", "vocabulary")
    admins = [admin for model, admin in site._registry.items() if model._meta.app_label in ours]

    assert [admin for admin in admins if admin.show_full_result_count] == []
