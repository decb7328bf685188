"""Numbers and addresses are masked in words, in the trail and in the log; other numbers are not."""

from __future__ import annotations

import logging

import pytest

from tests.factories import OrganizationFactory
from zhongshi.core.audit import record
from zhongshi.core.batches import advance_all
from zhongshi.core.masking import MaskingFilter, masked


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("电话13981234567，谢谢", "电话139****4567，谢谢"),
        ("+86 139-8123-4567", "139****4567"),
        ("028-85123456转3", "028-****3456转3"),
        ("mail ouyang.xiaolan@firm.example.cn now", "mail o***@firm.example.cn now"),
        ("a@b.cn", "a***@b.cn"),
        ("500 L, 2026-11-21, 91510100MA6CXXXX1X", "500 L, 2026-11-21, 91510100MA6CXXXX1X"),
        ("N-2026-0001 138001380001380", "N-2026-0001 138001380001380"),
        ("", ""),
    ],
)
def test_masks_what_reaches_a_person(said: str, shown: str) -> None:
    assert masked(said) == shown
    assert masked(shown) == shown


@pytest.mark.django_db
def test_notes_of_the_trail_hold_no_numbers() -> None:
    organization = OrganizationFactory.create(status="submitted")
    assert record("looked", organization, actor=None, note="打13981234567").note == "打139****4567"
    advance_all([organization], "approved", actor=None, note="写 a.b@c.cn")
    assert type(record("looked", organization, actor=None)).objects.get(action="status").note == "写 a***@c.cn"


def test_lines_of_the_log_hold_none_either() -> None:
    line = logging.LogRecord("x", logging.INFO, "", 1, "to %s", ("a.b@c.cn",), None)
    assert MaskingFilter().filter(line)
    assert line.getMessage() == "to a***@c.cn"
    try:
        raise ValueError("Key (email)=(a.b@c.cn) exists")
    except ValueError as error:
        line = logging.LogRecord("x", logging.ERROR, "", 1, "no", (), (type(error), error, error.__traceback__))
    MaskingFilter().filter(line)
    assert "a***@c.cn" in str(line.exc_text)
    assert "a.b@c.cn" not in logging.Formatter().format(line)
