"""The frame of every page: language, size of the text, errors, nothing inline, nothing from elsewhere."""

import re
from itertools import pairwise

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from zhongshi.accounts.actors import Actor

PAGES = ["/", "/services/", "/chains/", "/rules/", "/help/", "/privacy/", "/accessibility/", "/accounts/sign-in/"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_every_page_speaks_both_languages(client: Client, path: str) -> None:
    assert '<html lang="zh-Hans">' in client.get(path).content.decode()
    english = client.get(path, {"lang": "en"}).content.decode()
    assert '<html lang="en">' in english
    visible = re.sub(r'<a class="tool"[^>]*hreflang="zh-Hans".*?</a>', "", english)
    assert re.findall(r"[\u4e00-\u9fff]+", visible) == []
    assert '<html lang="en">' in client.get(path).content.decode()


@pytest.mark.django_db
def test_changing_the_language_keeps_page_and_filters(client: Client) -> None:
    text = client.get("/services/?q=罐&process=发酵").content.decode()

    assert 'href="/services/?q=%E7%BD%90&amp;process=%E5%8F%91%E9%85%B5&amp;lang=en"' in text


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*PAGES, "/nothing/here/"])
def test_nothing_inline_and_nothing_from_elsewhere(client: Client, path: str) -> None:
    text = client.get(path).content.decode()

    assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", text) == []
    assert re.findall(r"<(?:link|script|img|use)[^>]+(?:href|src)=\"(?!/static/)[^\"]*", text) == []
    assert "INVALID VARIABLE" not in text


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*PAGES, "/nothing/here/"])
def test_headings_go_down_one_step_at_a_time(client: Client, path: str) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])", client.get(path).content.decode())]

    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.django_db
@pytest.mark.parametrize(("size", "css"), [("large", "text-large"), ("larger", "text-larger")])
def test_the_size_of_the_text_is_remembered(client: Client, size: str, css: str) -> None:
    answer = client.post("/prefs/", {"text_size": size, "next": "/rules/?x=1"})

    assert (answer.status_code, answer["Location"]) == (302, "/rules/?x=1")
    assert f'<html lang="zh-Hans" class="{css}">' in client.get("/rules/").content.decode()


@pytest.mark.django_db
def test_preferences_take_nothing_strange(client: Client) -> None:
    answer = client.post("/prefs/", {"text_size": '"><script>', "next": "https://evil.example/"})

    assert answer["Location"] == "/"
    assert "text_size" not in answer.cookies
    assert client.get("/prefs/").status_code == 405


@pytest.mark.django_db
def test_an_unknown_address_is_answered_with_a_search(client: Client) -> None:
    answer = client.get("/nothing/here/", {"lang": "en"})

    assert answer.status_code == 404
    assert "Page not found" in answer.content.decode()
    assert 'action="/services/"' in answer.content.decode()


@pytest.mark.django_db
def test_an_expired_form_says_that_nothing_was_saved() -> None:
    answer = Client(enforce_csrf_checks=True).post("/prefs/?lang=en", {"text_size": "large"})

    assert answer.status_code == 403
    assert "Nothing was saved." in answer.content.decode()


def test_the_page_of_a_crash_needs_no_request_and_no_database() -> None:
    with translation.override("zh-hans"):
        text = render_to_string("500.html")

    assert "INVALID VARIABLE" not in text
    assert "系统出错了" in text


def test_each_role_finds_its_own_door_in_the_header(
    client: Client, enterprise: Actor, operator: Actor, zone_admin: Actor
) -> None:
    doors = {enterprise: "/needs/", operator: "/desk/", zone_admin: "/park/"}
    for actor, own in doors.items():
        client.force_login(actor.user)
        text = client.get("/rules/").content.decode()
        nav = text[text.index('<nav class="site-nav"') : text.index("</nav>")]
        assert [door for door in doors.values() if f'href="{door}"' in nav] == [own]


@pytest.mark.django_db
def test_static_files_of_the_frame_exist(client: Client) -> None:
    text = client.get("/services/").content.decode()
    paths = set(re.findall(r"/static/[\w./-]+", text))

    assert {f"/static/css/{name}.css" for name in ("tokens", "base", "components", "catalogue", "print")} < paths
    assert {path for path in paths if not finders.find(path.removeprefix("/static/"))} == set()


@pytest.mark.django_db
def test_every_icon_used_is_in_the_sprite(client: Client) -> None:
    sprite = (settings.BASE_DIR / "zhongshi" / "static" / "icons.svg").read_text(encoding="utf-8")
    known = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    used = {name for path in PAGES for name in re.findall(r"icons\.svg#([\w-]+)", client.get(path).content.decode())}

    assert used - known == set()
    assert "search" in used
