"""What old browsers on office desktops can read: no younger CSS, no colour outside the tokens, nothing inline."""

import gzip
import re
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

STYLES = settings.BASE_DIR / "zhongshi" / "static" / "css"
SHEETS = sorted(STYLES.glob("*.css"))
TEMPLATES = [
    path
    for folder in ("zhongshi", "platforms", "requests", "matching")
    for path in sorted((settings.BASE_DIR / folder).rglob("templates/**/*.html"))
    # Mail programs read nothing but inline styles.
    if "mails" not in path.parts
]
# Younger than Chromium 88, Firefox 91 or Safari 14.1.
_YOUNGER = {
    ":has()": r":has\(",
    "cascade layers": r"@layer\b",
    "container queries": r"@container\b|container-type",
    "registered properties": r"@property\b",
    "scopes": r"@scope\b",
    "nesting": r"(?m)^\s*&|\{[^{}@]*\{(?![^{}]*@media)",
    "wide colours": r"\b(?:oklch|oklab|lch|lab|hwb|color-mix|color)\(",
    "range media queries": r"@media[^{]*[<>]=?",
    "aspect-ratio": r"\baspect-ratio\s*:",
    "single transforms": r"(?m)^\s*(?:translate|rotate|scale)\s*:",
    "dynamic viewport units": r"\d(?:dvh|svh|lvh|dvw|svw|cqw|cqi)\b",
    "overflow: clip": r"overflow(?:-[xy])?\s*:\s*clip\b",
    "subgrid": r"\bsubgrid\b",
    "scrollbar-gutter": r"scrollbar-gutter",
    ":user-invalid": r":user-(?:in)?valid",
    "anchor positioning": r"anchor-name|position-anchor",
}
_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\(|:[^;]*\b(?:white|black|red|green|blue|gray|grey|orange)\b")
_INLINE = re.compile(r"<style|\sstyle\s*=|\son[a-z]+\s*=|<script(?![^>]*\ssrc=)|hx-on|\bjs:|hx-vars")
LIMIT = 40 * 1024


def _rules(path: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)


def _younger_in(css: str) -> list[str]:
    flat = re.sub(r"@(?:media|supports|keyframes)[^{]*\{((?:[^{}]*\{[^{}]*\})*)\s*\}", r"\1", css)
    return [name for name, pattern in _YOUNGER.items() if re.search(pattern, flat if name == "nesting" else css)]


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_no_sheet_needs_a_younger_browser(path: Path) -> None:
    assert _younger_in(_rules(path)) == []


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_a_younger_selector_does_not_take_older_ones_with_it(path: Path) -> None:
    """A browser that does not know :focus-visible drops the whole list it stands in."""
    lists = re.findall(r"([^{};]+)\{", _rules(path))

    assert [
        one for one in lists if ":focus-visible" in one and not all(":focus-visible" in p for p in one.split(","))
    ] == []


@pytest.mark.parametrize("path", [path for path in SHEETS if path.name != "tokens.css"], ids=lambda path: path.name)
def test_colours_come_from_the_tokens(path: Path) -> None:
    css = re.sub(r"var\([^)]*\)", "", _rules(path))
    values = [value for _, value in re.findall(r"(?m)^\s*([\w-]+)(\s*:[^;{]+);", css)]

    assert [value for value in values if _COLOUR.search(value)] == []


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_tokens_used_are_defined(path: Path) -> None:
    known = set(re.findall(r"(--[\w-]+)\s*:", _rules(STYLES / "tokens.css")))

    assert set(re.findall(r"var\((--[\w-]+)", _rules(path))) - known == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: "/".join(path.parts[-2:]))
def test_templates_bring_nothing_inline(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", path.read_text(encoding="utf-8"), flags=re.S)

    assert _INLINE.findall(text) == []


@pytest.mark.parametrize(
    ("css", "found"),
    [
        (".a:has(.b) { color: var(--ink); }", [":has()"]),
        (".a { & .b { margin: 0; } }", ["nesting"]),
        ("@media (width >= 40em) { .a { margin: 0; } }", ["range media queries"]),
        (".a { rotate: 4deg; }", ["single transforms"]),
        ("@media (min-width: 40em) { .a { margin: 0; } .b { margin: 0; } }", []),
    ],
)
def test_the_scan_sees_what_it_looks_for(css: str, found: list[str]) -> None:
    assert _younger_in(css.replace("{ &", "{\n&").replace("{ rotate", "{\nrotate")) == found


@pytest.mark.parametrize(
    ("value", "is_raw"),
    [(": #fff", True), (": rgba(0, 0, 0, 0.1)", True), (": 1px solid red", True), (": currentColor", False)],
)
def test_the_scan_knows_a_raw_colour(value: str, is_raw: bool) -> None:
    assert bool(_COLOUR.search(value)) is is_raw


@pytest.mark.django_db
def test_the_search_page_stays_light(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    """Styles and scripts of the search page, each packed as a server sends it."""
    text = client.get("/services/").content.decode()
    names = sorted(set(re.findall(r"/static/([\w./-]+\.(?:css|js))\"", text)))
    sizes = {name: len(gzip.compress(Path(str(finders.find(name))).read_bytes(), 6)) for name in names}

    with capsys.disabled():
        sys.stdout.write(f"\nsearch page: {sum(sizes.values())} bytes of CSS and JS, gzipped, in {len(sizes)} files\n")
    assert sum(sizes.values()) <= LIMIT, sizes
