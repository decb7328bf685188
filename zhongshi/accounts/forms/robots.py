"""Adding a robot."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from zhongshi.core.models import Channel


class RobotForm(forms.Form):
    """Kind, name, address, secret; the service checks whether the address may be called."""

    kind = forms.ChoiceField(label=_("Kind of robot"), choices=Channel.choices[1:])
    name = forms.CharField(label=_("Name of the group"), max_length=60)
    address = forms.CharField(
        label=_("Webhook address"),
        max_length=500,
        help_text=_("As the group's robot settings show it; it begins with https://."),
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    secret = forms.CharField(
        label=_("Signing secret"),
        max_length=200,
        required=False,
        help_text=_(
            "DingTalk and Feishu: where the robot signs. WeCom has none. Your own webhook: at least 16 characters."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    language = forms.ChoiceField(label=_("Language of the messages"), choices=settings.LANGUAGES)
