"""The message catalogues, without gettext's programs: `python tools/messages.py compile | check | update`.

compile  every .po to the .mo Django reads (needs polib alone)
check    each translatable string has a finished translation with the same placeholders; no entry is left over
update   add what is missing (untranslated), drop what is unused
"""

import io
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib

CHECKOUT = Path(__file__).resolve().parents[1]
PACKAGES = ("zhongshi", "platforms", "requests", "matching")
CATALOGUE = CHECKOUT / "zhongshi" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
_LAZY = {"gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)}
KEYWORDS = {"_": None, **_LAZY, **{f"{name}_lazy": where for name, where in _LAZY.items()}}
_PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|\{(\w+)\}|(?<!%)(?:%%)*(%[sd])")


@dataclass(frozen=True, slots=True)
class Message:
    """What gettext looks a translation up by."""

    text: str
    plural: str = ""
    context: str = ""


@dataclass(slots=True)
class Found:
    """The files a message is used in."""

    files: set[str] = field(default_factory=set)


def compile_catalogues(checkout: Path = CHECKOUT) -> int:
    """How many .mo files were written; one that would not change is left alone."""
    written = 0
    for source in sorted(checkout.glob("*/locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        binary = polib.pofile(str(source)).to_binary()
        if target.exists() and target.read_bytes() == binary:
            continue
        # Replaced in one step: a server or a second `make test` may be reading it.
        fresh = target.with_suffix(".mo.new")
        fresh.write_bytes(binary)
        fresh.replace(target)
        written += 1
    return written


def used_messages(checkout: Path = CHECKOUT) -> dict[Message, Found]:
    """Every translatable string of the code and the templates, with the files it occurs in."""
    used: dict[Message, Found] = defaultdict(Found)
    for path in _sources(checkout):
        text = path.read_text(encoding="utf-8")
        for message in _in_python(text) if path.suffix == ".py" else _in_template(text):
            used[message].files.add(path.relative_to(checkout).as_posix())
    return used


def _sources(checkout: Path) -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((checkout / package).rglob("*")):
            is_template = "templates" in path.parts and path.suffix in {".html", ".txt"}
            if is_template or (path.suffix == ".py" and "migrations" not in path.parts):
                yield path


def _in_python(text: str) -> Iterator[Message]:
    from babel.messages.extract import extract  # noqa: PLC0415  slow import, and compile must do without Babel

    for _line, found, _comments, context in extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS):
        singular, plural = (found, "") if isinstance(found, str) else (found[0], found[1])
        if singular:
            yield Message(singular, plural or "", context or "")


def _in_template(text: str) -> Iterator[Message]:
    from django.conf import settings  # noqa: PLC0415  slow import
    from django.utils.translation.template import templatize  # noqa: PLC0415  slow import

    if not settings.configured:
        settings.configure(USE_I18N=True)
    for line in templatize(text).splitlines():
        yield from _in_python(line.strip() + "\n")


def problems(used: Iterable[Message], catalogue: polib.POFile) -> list[str]:
    """One sentence for each message without a finished translation and each translation without a message."""
    entries = {_message_of(entry): entry for entry in catalogue if not entry.obsolete}
    wanted = set(used)
    said = [f"not in the catalogue: {message.text!r}" for message in _sorted(wanted - entries.keys())]
    said += [f"no longer used: {message.text!r}" for message in _sorted(entries.keys() - wanted)]
    for message in _sorted(wanted & entries.keys()):
        complaint = _complaint(message, entries[message])
        if complaint:
            said.append(f"{complaint}: {message.text!r}")
    return said


def _complaint(message: Message, entry: polib.POEntry) -> str:
    translations = list(entry.msgstr_plural.values()) if message.plural else [entry.msgstr]
    if not translations or not all(translations):
        return "not translated"
    if entry.fuzzy:
        return "translation marked fuzzy"
    wanted = _placeholders(message.plural or message.text)
    if any(_placeholders(translation) != wanted for translation in translations):
        return f"placeholders differ from {sorted(wanted)}"
    return ""


def _placeholders(text: str) -> frozenset[str]:
    return frozenset("".join(groups) for groups in _PLACEHOLDER.findall(text))


def _message_of(entry: polib.POEntry) -> Message:
    return Message(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")


def _sorted(messages: Iterable[Message]) -> list[Message]:
    return sorted(messages, key=lambda message: (message.text, message.context))


def updated(used: dict[Message, Found], catalogue: polib.POFile) -> polib.POFile:
    """A catalogue of exactly the used messages, translations kept, ordered by file and text."""
    former = {_message_of(entry): entry for entry in catalogue if not entry.obsolete}
    fresh = polib.POFile(wrapwidth=110)
    fresh.metadata = catalogue.metadata or _METADATA
    for message in sorted(used, key=lambda message: (min(used[message].files), message.text, message.context)):
        entry = former.get(message) or _untranslated(message)
        # Without line numbers: they would change with every edit of the code.
        entry.occurrences = [(file, "") for file in sorted(used[message].files)]
        fresh.append(entry)
    return fresh


_METADATA = {
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Plural-Forms": "nplurals=1; plural=0;",
}


def _untranslated(message: Message) -> polib.POEntry:
    plural = {"msgid_plural": message.plural, "msgstr_plural": {0: ""}} if message.plural else {}
    return polib.POEntry(msgid=message.text, msgctxt=message.context or None, **plural)


def _read_catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE), wrapwidth=110) if CATALOGUE.exists() else polib.POFile()


def main(verb: str) -> int:
    if verb == "compile":
        compile_catalogues()
        return 0
    used = used_messages()
    if verb == "update":
        CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
        updated(used, _read_catalogue()).save(str(CATALOGUE))
        return 0
    found = problems(used, _read_catalogue())
    print("\n".join(found) or f"{len(used)} messages, all translated.")
    return 1 if found else 0


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in {"compile", "check", "update"}:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
