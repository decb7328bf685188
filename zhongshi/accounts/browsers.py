"""What a browser calls itself, in words its owner knows. A few names are enough to tell one's devices apart."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

# The order matters: most browsers also claim to be Chrome and Safari.
_BROWSERS = (
    ("WeChat", "MicroMessenger"),
    ("WeCom", "wxwork"),
    ("DingTalk", "DingTalk"),
    ("Feishu", r"Lark|Feishu"),
    ("QQ Browser", "QQBrowser"),
    ("360 Browser", r"QIHU|360SE|360EE"),
    ("Huawei Browser", "HuaweiBrowser"),
    ("UC Browser", r"UCBrowser|UBrowser"),
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/"),
    ("Safari", r"Safari/"),
    ("Internet Explorer", r"MSIE |Trident/"),
)
_SYSTEMS = (
    ("HarmonyOS", r"HarmonyOS|OpenHarmony"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("macOS", "Macintosh|Mac OS X"),
    ("Linux", r"Linux|X11"),
)
_PHONES = {"HarmonyOS", "Android", "iPhone", "iPad"}


def described(user_agent: str) -> str:
    """Return e.g. "Firefox · Windows"; an unknown browser is called one."""
    browser = _named(_BROWSERS, user_agent) or _("Unknown browser")
    system = _named(_SYSTEMS, user_agent)
    return f"{browser} · {system}" if system else browser


def is_handheld(user_agent: str) -> bool:
    """Whether it is a telephone or tablet, for the picture beside it."""
    return _named(_SYSTEMS, user_agent) in _PHONES


def _named(table: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for name, pattern in table if re.search(pattern, user_agent)), "")
