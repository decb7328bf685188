"""One page that is kept several times at once makes one draft."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from requests.models import Need, NeedDraft
from requests.services import NeedInput, need_post
from requests.services.drafts import Page, draft_keep
from zhongshi.accounts.actors import Actor

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 6


def _at_once(actor: Actor, form: str) -> list[int]:
    """Keep the same page from several threads; the need each of them wrote."""
    start, found = threading.Barrier(WRITERS), []

    def keep(number: int) -> None:
        start.wait()
        entered = NeedInput(title="题", text=f"第{number}次", conditions=[])
        try:
            found.append(draft_keep(actor=actor, entered=entered, typed={"head": {}}, page=Page(form=form)).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=keep, args=[number]) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_a_page_kept_six_times_at_once_makes_one_draft(enterprise: Actor) -> None:
    found = _at_once(enterprise, "page-1")

    need = Need.objects.get()
    assert found == [need.pk] * WRITERS
    assert (need.revision, NeedDraft.objects.get().saves) == (1, WRITERS)


def test_two_pages_at_once_make_two(enterprise: Actor) -> None:
    first, second = _at_once(enterprise, "page-1"), _at_once(enterprise, "page-2")

    assert set(first) & set(second) == set()
    assert Need.objects.count() == 2


def test_a_submission_beside_a_keeping_leaves_one_need(enterprise: Actor) -> None:
    entered = NeedInput(title="题", text="需要500L发酵罐", conditions=[])
    draft_keep(actor=enterprise, entered=entered, typed={"head": {}}, page=Page(form="page-1"))

    need, created = need_post(actor=enterprise, entered=entered, idempotency_key="page-1")

    assert (created, need.status, Need.objects.count()) == (False, "draft", 1)
