"""Every deed that the code writes into the trail has words, in both languages."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.utils import translation

from requests.templatetags.need_tags import need_deed
from zhongshi.core.deeds import deed
from zhongshi.core.models import AuditEntry

ROOT = Path(__file__).resolve().parents[2]
WRITERS = {"record", "record_all"}


def written() -> set[str]:
    """The literal first arguments of the calls that write the trail."""
    found = set()
    for app in ("zhongshi", "platforms", "requests", "matching"):
        for path in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in WRITERS:
                    found |= {one.value for one in node.args[:1] if isinstance(one, ast.Constant)}
    return {str(name) for name in found}


def test_every_deed_is_known() -> None:
    names = written()
    assert len(names) > 25
    assert {name for name in names if deed(name) == name} == set()


@pytest.mark.parametrize(("language", "words"), [("en", "asked the office for help"), ("zh-hans", "请园区协助")])
def test_a_need_tells_what_was_done_in_the_readers_words(language: str, words: str) -> None:
    with translation.override(language):
        assert need_deed(AuditEntry(action="help_asked")) == words
