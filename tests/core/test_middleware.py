"""Chinese first, English by choice; nothing foreign runs on a page."""

import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_pages_are_chinese_whatever_the_browser_prefers(client: Client) -> None:
    answer = client.get("/", headers={"accept-language": "en-US"})

    assert answer.headers["Content-Language"] == "zh-hans"
    assert 'lang="zh-Hans"' in answer.content.decode()


def test_a_choice_is_kept(client: Client) -> None:
    chosen = client.get("/?lang=en")
    later = client.get("/services/")

    assert 'lang="en"' in chosen.content.decode()
    assert later.headers["Content-Language"] == "en"


def test_an_unknown_language_is_no_choice(client: Client) -> None:
    answer = client.get("/?lang=xx")

    assert answer.headers["Content-Language"] == "zh-hans"
    assert "language" not in answer.cookies


def test_programs_choose_by_header(client: Client) -> None:
    english = client.get("/api/v1/needs/", headers={"accept-language": "en"}).json()
    chinese = client.get("/api/v1/needs/").json()

    assert english["code"] == chinese["code"] == "not_authenticated"
    assert english["detail"] != chinese["detail"]


@pytest.mark.parametrize("path", ["/", "/services/", "/accounts/sign-in/", "/api/v1/capabilities/"])
def test_policy_allows_own_scripts_only(client: Client, path: str) -> None:
    policy = client.get(path).headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_api_pages_may_run_their_own_inline_script(client: Client) -> None:
    answer = client.get("/api/docs/")

    assert answer.status_code == 200
    assert "script-src 'self' 'unsafe-inline'" in answer.headers["Content-Security-Policy"]
    # The token is drawn at random and may spell anything.
    page, tokens = re.subn(r'(\["X-CSRFTOKEN"\] = )"\w+"', r"\1", answer.content.decode())
    assert tokens == 1
    assert "cdn" not in page.lower()
