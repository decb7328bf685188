"""What a person wants to be told outside the page: the form behind the matrix."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import NoticeSettings
from .notifications.registry import Event

_FORMATS = ["%H:%M", "%H:%M:%S"]


def _clock() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class NoticeSettingsForm(forms.Form):
    """Channels of each event as "channel:event" in `on`, the daily mail, the quiet hours."""

    on = forms.MultipleChoiceField(required=False)
    digest = forms.ChoiceField(
        label=_("Mails"),
        choices=[("now", _("One for each notice, at once")), ("daily", _("One a day with all that is unread"))],
        widget=forms.RadioSelect,
        initial="now",
    )
    digest_hour = forms.TypedChoiceField(
        label=_("The daily mail leaves at"),
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
        coerce=int,
    )
    is_quiet = forms.BooleanField(label=_("Send nothing in these hours"), required=False)
    quiet_from = forms.TimeField(label=_("From"), required=False, input_formats=_FORMATS, widget=_clock())
    quiet_to = forms.TimeField(label=_("Until"), required=False, input_formats=_FORMATS, widget=_clock())

    def __init__(self, data: Any = None, *, events: list[Event], channels: list[str], wishes: NoticeSettings) -> None:
        initial = {
            "digest": "now" if wishes.digest_hour is None else "daily",
            "digest_hour": 8 if wishes.digest_hour is None else wishes.digest_hour,
            "is_quiet": wishes.quiet_from is not None,
            "quiet_from": wishes.quiet_from or "22:00",
            "quiet_to": wishes.quiet_to or "07:30",
        }
        super().__init__(data, initial=initial)
        self.events, self.channels, self.wishes = events, channels, wishes
        pairs = [f"{channel}:{event.name}" for event in events for channel in channels]
        self._shown = set(pairs)
        choices: Any = [(pair, pair) for pair in pairs]
        self.fields["on"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Quiet hours need a beginning and another end."""
        cleaned = super().clean() or {}
        if cleaned.get("is_quiet"):
            for name in ("quiet_from", "quiet_to"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Please give a time, for example 22:00."))
            if cleaned.get("quiet_from") and cleaned.get("quiet_from") == cleaned.get("quiet_to"):
                self.add_error("quiet_to", _("The quiet hours must end at another time than they begin."))
        return cleaned

    @property
    def switched_on(self) -> set[str]:
        """What is ticked: as sent, else as kept."""
        if self.is_bound:
            return set(self.data.getlist("on"))  # type: ignore[attr-defined]
        return self._shown - set(self.wishes.muted)

    def values(self) -> dict[str, Any]:
        """What `settings_save` wants; call after `is_valid`. Choices that were not on the page are kept."""
        cleaned, quiet = self.cleaned_data, self.cleaned_data["is_quiet"]
        unseen = set(self.wishes.muted) - self._shown
        return {
            "muted": unseen | (self._shown - set(cleaned["on"])),
            "digest_hour": cleaned["digest_hour"] if cleaned["digest"] == "daily" else None,
            "quiet_from": cleaned["quiet_from"] if quiet else None,
            "quiet_to": cleaned["quiet_to"] if quiet else None,
        }
