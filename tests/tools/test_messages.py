"""The message tool: what it finds in code and templates, what it complains about, what it keeps."""

from pathlib import Path

import polib
import pytest

from tools.messages import Found, Message, compile_catalogues, problems, updated, used_messages

CODE = """
from django.utils.translation import gettext as _, ngettext_lazy, pgettext
_("Sign " "in")
pgettext("verb", "Match")
ngettext_lazy("%(n)s need", "%(n)s needs", "n")
_(variable)
"""
TEMPLATE = """<p title="it's">{% translate 'Home' %} {{ x|default:_("none") }} {# no #}
  {% blocktranslate count n=k trimmed %}
    one {{ name }}
  {% plural %}
    many {{ name }}
  {% endblocktranslate %}</p>"""


def entry(text: str, translation: str, **more: object) -> polib.POEntry:
    return polib.POEntry(msgid=text, msgstr=translation, **more)


def catalogue(*entries: polib.POEntry) -> polib.POFile:
    made = polib.POFile()
    made.extend(entries)
    return made


def test_finds_messages_of_code_and_templates_but_not_of_migrations(tmp_path: Path) -> None:
    for file, text in (
        ("platforms/views.py", CODE),
        ("platforms/migrations/0001_initial.py", '_("frozen")'),
        ("zhongshi/templates/home.html", TEMPLATE),
    ):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text)
    used = used_messages(tmp_path)
    assert used == {
        Message("Sign in"): Found({"platforms/views.py"}),
        Message("Match", context="verb"): Found({"platforms/views.py"}),
        Message("%(n)s need", "%(n)s needs"): Found({"platforms/views.py"}),
        Message("Home"): Found({"zhongshi/templates/home.html"}),
        Message("none"): Found({"zhongshi/templates/home.html"}),
        Message("one %(name)s", "many %(name)s"): Found({"zhongshi/templates/home.html"}),
    }


@pytest.mark.parametrize(
    ("made", "complaint"),
    [
        (entry("%(n)s left", "剩余 %(n)s"), None),
        (entry("%(n)s left", ""), "not translated: '%(n)s left'"),
        (entry("%(n)s left", "剩余 %(n)s", flags=["fuzzy"]), "translation marked fuzzy: '%(n)s left'"),
        (entry("%(n)s left", "剩余 %(m)s"), "placeholders differ from ['n']: '%(n)s left'"),
    ],
)
def test_says_what_is_wrong_with_a_translation(made: polib.POEntry, complaint: str | None) -> None:
    assert problems([Message("%(n)s left")], catalogue(made)) == ([complaint] if complaint else [])


def test_a_plural_is_compared_with_its_plural() -> None:
    made = polib.POEntry(msgid="1 day", msgid_plural="%(n)s days", msgstr_plural={0: "%(n)s 天"})
    assert problems([Message("1 day", "%(n)s days")], catalogue(made)) == []


def test_names_what_is_missing_and_what_is_left_over() -> None:
    found = problems([Message("new")], catalogue(entry("old", "旧")))
    assert found == ["not in the catalogue: 'new'", "no longer used: 'old'"]


def test_update_keeps_translations_and_drops_the_unused() -> None:
    former = catalogue(entry("kept", "保留"), entry("gone", "不用"))
    used = {Message("kept"): Found({"b.py"}), Message("new", "news"): Found({"a.py"})}
    fresh = updated(used, former)
    assert [(each.msgid, each.msgstr, each.msgstr_plural) for each in fresh] == [
        ("new", "", {0: ""}),
        ("kept", "保留", {}),
    ]


def test_compiles_once_and_again_only_after_a_change(tmp_path: Path) -> None:
    source = tmp_path / "zhongshi" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    catalogue(entry("need", "需求")).save(str(source))
    assert compile_catalogues(tmp_path) == 1
    assert compile_catalogues(tmp_path) == 0
    assert polib.mofile(str(source.with_suffix(".mo"))).find("need").msgstr == "需求"
    catalogue(entry("need", "技术需求")).save(str(source))
    assert compile_catalogues(tmp_path) == 1
