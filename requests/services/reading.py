"""Reading a need's words: nothing is stored here."""

from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext as _

from zhongshi.core.errors import InvalidInput, TooLarge
from zhongshi.vocabulary.lexicons import current_lexicon
from zhongshi.vocabulary.reading import NeedReading, read_need

MAX_TITLE = 200
MAX_TEXT = 20_000


def need_read(*, title: str, text: str) -> NeedReading:
    """Conditions, questions and unread words of a text.

    Refuses an empty text (InvalidInput) and one over 20,000 characters (TooLarge), naming the field.
    """
    check_words(title=title, text=text, needs_title=False)
    reading = read_need(title, text, current_lexicon(), today=timezone.localdate())
    return replace(reading, conditions=tuple(c for c in reading.conditions if c.text))


def check_words(*, title: str, text: str, needs_title: bool = True) -> None:
    """Refuse what cannot be a need's title and text; the errors name the fields."""
    if len(text) > MAX_TEXT:
        raise TooLarge(
            _("The description has %(given)s characters; at most %(most)s are possible.")
            % {"given": len(text), "most": MAX_TEXT},
            errors={"text": [_("At most %(most)s characters.") % {"most": MAX_TEXT}]},
        )
    errors: dict[str, list[str]] = {}
    if not text.strip():
        errors["text"] = [_("Please describe what you want to pilot.")]
    if needs_title and not title.strip():
        errors["title"] = [_("Please give the need a title.")]
    if len(title) > MAX_TITLE:
        errors["title"] = [_("At most %(most)s characters.") % {"most": MAX_TITLE}]
    if errors:
        raise InvalidInput(errors=errors)
