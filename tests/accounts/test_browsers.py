"""What browsers call themselves, in words."""

import pytest

from zhongshi.accounts.browsers import described, is_handheld

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
ANDROID = "Mozilla/5.0 (Linux; Android 14; V2304A)"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0"


@pytest.mark.parametrize(
    ("user_agent", "words", "handheld"),
    [
        (f"{WINDOWS} {CHROME} Safari/537.36", "Chrome · Windows", False),
        (f"{WINDOWS} {CHROME} Safari/537.36 Edg/120.0", "Edge · Windows", False),
        (f"{WINDOWS} {CHROME} Safari/537.36 QIHU 360SE", "360 Browser · Windows", False),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:91.0) Gecko/20100101 Firefox/91.0", "Firefox · Linux", False),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.0 Safari/605.1.15",
            "Safari · macOS",
            False,
        ),
        (f"{ANDROID} {CHROME} Mobile Safari/537.36 MicroMessenger/8.0", "WeChat · Android", True),
        ("Mozilla/5.0 (Phone; OpenHarmony 5.0) ArkWeb/4.1 Chrome/114 Mobile", "Chrome · HarmonyOS", True),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "Safari · iPhone", True),
        ("curl/8.0", "Unknown browser", False),
        ("", "Unknown browser", False),
    ],
)
def test_browser_and_system_are_named(english: None, user_agent: str, words: str, handheld: bool) -> None:
    assert (described(user_agent), is_handheld(user_agent)) == (words, handheld)
