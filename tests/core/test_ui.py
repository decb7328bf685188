"""Icon, badge and bar."""

import pytest

from zhongshi.core.templatetags.ui import badge, bar, icon, is_below


def test_an_icon_is_decoration() -> None:
    assert icon("search", "icon-20") == (
        '<svg class="icon icon-20" aria-hidden="true" focusable="false"><use href="/static/icons.svg#search"/></svg>'
    )


def test_a_badge_has_icon_word_and_colour() -> None:
    text = badge("bad", "<expired>")

    assert text.startswith('<span class="badge badge-bad"><svg')
    assert "icons.svg#bad" in text
    assert text.endswith("&lt;expired&gt;</span>")


def test_a_badge_without_tone_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        badge("green", "x")


@pytest.mark.parametrize(("value", "width"), [(86, "86"), (-3, "0"), (250, "100"), (33.333333, "33.3333")])
def test_a_bar_is_cut_to_its_frame(value: float, width: str) -> None:
    assert f'<rect class="bar-fill" width="{width}" height="6"/>' in bar(value)


@pytest.mark.parametrize(
    ("address", "expected"), [("/rules/", True), ("/rules/new/", True), ("/park/rules/", False), ("/", False)]
)
def test_a_page_belongs_to_the_section_its_address_begins_with(address: str, expected: bool) -> None:
    assert is_below(address, "/rules/") is expected
