"""GET /api/v1/notifications/ and POST /api/v1/notifications/{id}/read/"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from tests.conftest import ApiOf
from zhongshi.accounts.actors import Actor
from zhongshi.core import notifications
from zhongshi.core.models import Notification

URL = "/api/v1/notifications/"


def _tell(actor: Actor, key: str = "k") -> Notification:
    with transaction.atomic():
        notifications.owe(
            [actor.user],
            "need.scored",
            key=key,
            path="/needs/N-2026-0001/matches/",
            params={"number": "N-2026-0001", "title": "中试", "count": 3},
        )
    return Notification.objects.get(dedupe_key=f"{key}:{actor.user.pk}")


def test_lists_ones_own_in_the_readers_language(api: ApiOf, enterprise: Actor, enterprise2: Actor) -> None:
    notice = _tell(enterprise)
    _tell(enterprise2)
    answer = api(enterprise).get(URL, headers={"Accept-Language": "en"})

    body = answer.json()
    assert body["results"][0].pop("created_at")
    assert body == {
        "count": 1,
        "results": [
            {
                "id": str(notice.uuid),
                "event": "need.scored",
                "title": "N-2026-0001: 3 capabilities may fit",
                "body": 'Your need "中试" has been compared with all listings. 3 capabilities may fit.',
                "path": "/needs/N-2026-0001/matches/",
                "read_at": None,
            }
        ],
    }


def test_marks_as_read_once(api: ApiOf, enterprise: Actor) -> None:
    notice = _tell(enterprise)
    client = api(enterprise)
    first = client.post(f"{URL}{notice.uuid}/read/")
    second = client.post(f"{URL}{notice.uuid}/read/")

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json()["read_at"] is not None
    assert second.json()["read_at"] == first.json()["read_at"]


def test_lists_the_unread(api: ApiOf, enterprise: Actor) -> None:
    old, new = _tell(enterprise, "old"), _tell(enterprise, "new")
    client = api(enterprise)
    client.post(f"{URL}{old.uuid}/read/")

    assert [row["id"] for row in client.get(URL, {"unread": "true"}).json()["results"]] == [str(new.uuid)]
    assert client.get(URL).json()["count"] == 2


def test_somebody_elses_is_404_and_stays_unread(api: ApiOf, enterprise: Actor, zone_admin: Actor) -> None:
    notice = _tell(enterprise)

    assert api(zone_admin).post(f"{URL}{notice.uuid}/read/").status_code == 404
    assert api(None).post(f"{URL}{notice.uuid}/read/").status_code == 401
    assert api(None).get(URL).status_code == 401
    notice.refresh_from_db()
    assert notice.read_at is None


@pytest.mark.parametrize("number", [1, 3])
def test_takes_as_many_queries_for_three_as_for_one(
    api: ApiOf, enterprise: Actor, django_assert_num_queries: Any, number: int
) -> None:
    for key in range(number):
        _tell(enterprise, str(key))
    client = api(enterprise)

    # Token, membership, count, notices.
    with django_assert_num_queries(4):
        assert len(client.get(URL).json()["results"]) == number
