"""One form of mail: both parts say the same, nothing is run and nothing is fetched."""

import re
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives

from zhongshi.core import mails


def _mail(**change: Any) -> EmailMultiAlternatives:
    given: dict[str, Any] = {
        "to": "wang@example.cn",
        "subject": "确认邮箱",
        "heading": "请确认您的邮箱",
        "body": "第一段。\n\n第二段。",
        "link": "/accounts/confirm/abc/",
        "action": "确认",
        "language": "zh-hans",
    }
    return mails.build(**given | change)


def _html(mail: EmailMultiAlternatives) -> str:
    [(html, kind)] = mail.alternatives
    assert kind == "text/html"
    return str(html)


def test_both_parts_carry_the_same_words_and_the_whole_address() -> None:
    mail = _mail()

    assert mail.to == ["wang@example.cn"]
    assert mail.body == (
        "请确认您的邮箱\n\n第一段。\n\n第二段。\n\n确认：\nhttp://127.0.0.1:8000/accounts/confirm/abc/\n\n"
        "-- \n中试云 · http://127.0.0.1:8000\n"
    )
    html = _html(mail)
    assert '<html lang="zh-Hans"' in html
    assert html.count('href="http://127.0.0.1:8000/accounts/confirm/abc/"') == 2
    for words in ("请确认您的邮箱", "第一段。", "第二段。", ">确认</a>"):
        assert words in html


def test_the_frame_follows_the_language() -> None:
    mail = _mail(language="en", action="Confirm")

    assert '<html lang="en"' in _html(mail)
    assert "Confirm:\nhttp://127.0.0.1:8000" in str(mail.body)
    assert "Zhongshi Pilot Cloud" in str(mail.body)


def test_what_people_wrote_is_escaped_in_html_and_left_alone_in_text() -> None:
    evil = '<img src=x onerror="go()"> & "co"'
    mail = _mail(heading=evil, body=evil, action=evil, footer=evil, entries=[mails.Entry(evil, evil, "/a/")])

    assert "<img" not in _html(mail)
    assert _html(mail).count("&lt;img") >= 6
    assert str(mail.body).count(evil) == 6


def test_the_html_part_fetches_nothing_and_runs_nothing() -> None:
    html = _html(_mail(entries=[mails.Entry("一", "二", "/needs/x/")], footer="为什么"))

    assert re.findall(r"<(img|link|script|iframe|object|form|input)\b", html) == []
    assert "url(" not in html
    assert "@import" not in html
    assert 'name="color-scheme" content="light dark"' in html


def test_the_same_reference_gives_the_same_message_id() -> None:
    sent = [message_from_bytes(_mail(reference="r-1").message().as_bytes(), policy=policy.default) for _ in range(2)]

    assert {message["Message-ID"] for message in sent} == {"<r-1@127.0.0.1>"}
    assert [part.get_content_type() for part in sent[0].iter_parts()] == ["text/plain", "text/html"]
    assert sent[0]["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("subject", ["a\nBcc: all@example.cn", "a\r\n Bcc: all@example.cn"])
def test_a_subject_cannot_add_a_header(subject: str) -> None:
    message = _mail(subject=subject).message()

    assert message["Bcc"] is None
    assert str(message["Subject"]) == "a Bcc: all@example.cn"


def test_several_people_and_a_list_of_entries() -> None:
    mail = _mail(to=["a@example.cn", "b@example.cn"], link="", entries=[mails.Entry("标题", "正文", "https://x.cn/")])

    assert mail.to == ["a@example.cn", "b@example.cn"]
    assert "* 标题\n  正文\n  https://x.cn/\n" in str(mail.body)
    assert '<a href="https://x.cn/" style="color:#1463a5;">标题</a>' in _html(mail)
