"""What a browser would send back from the sheet of a need."""

from __future__ import annotations

from html.parser import HTMLParser

TEXT = "需要500L发酵罐连续跑三批，必须有GMP，预算80万以内，最好在四川。"


class _Controls(HTMLParser):
    """Collects name and value of every control of the form ``sheet``; buttons are not pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self._is_inside = False
        self._open = ""
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._is_inside = given.get("id") == "sheet"
        name = given.get("name") or ""
        if not self._is_inside:
            return
        if tag == "input" and (given.get("type") not in {"radio", "checkbox"} or "checked" in given):
            self.sent[name] = given.get("value") or ("on" if given.get("type") == "checkbox" else "")
        elif tag in {"textarea", "select"}:
            self._open, self._text = name, ""
        elif tag == "option" and self._open and ("selected" in given or self._open not in self.sent):
            self.sent[self._open] = given.get("value") or ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False
        elif tag == "textarea" and self._open:
            self.sent[self._open] = self._text.removeprefix("\n")
        if tag in {"textarea", "select"}:
            self._open = ""


def controls_of(page: bytes) -> dict[str, str]:
    """Name and value of every control of the sheet."""
    parser = _Controls()
    parser.feed(page.decode())
    assert parser.sent, "the page has no sheet"
    return parser.sent


def row_of(sheet: dict[str, str], kind: str) -> str:
    """The prefix of the first row of `kind`."""
    return next(name.removesuffix("-kind") for name, value in sheet.items() if name.endswith("-kind") and value == kind)
