"""Whatever is written, it is read without complaint, and what is read is what stands there."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshi.vocabulary.reading import Lexicon, load_default_lexicon, read_need, read_text

from .conftest import TODAY

LEXICON: Lexicon = load_default_lexicon()
PHRASES = [
    "需要", "500升", "１００Ｌ～３吨", "10立升~1吨", "20千克~4000斤", "两三百公斤", "5±0.5微米", "2台", "500L×4台",
    "50/200/1000L", "CNAS或CMA", "GMP、GLP均可", "发酵", "或者", "不需要", "没有也行", "春节前", "明年一季度", "年内",
    "每周不超过23万", "包月15万元", "预算八十万", "up to 80 kg", "scale up to", "6-inch", "Two 500 L", "零下", "-",
]  # fmt: skip
SCRIPTS = [
    "необходимо", "ファーメンター", "발효", "مفاعل ٥٠٠ لتر", "\u202e升500\u202c", "שלום", "ไทย", "ﷺ", "𝟓𝟎𝟎升", "Ⅳ级",
    "👩‍🔬", "🏭", "e\u0301", "\x00", "\x1b[31m", "\u2028", "\ufeff", "\ud800", "½吨", "㍑", "①", "²³",
]  # fmt: skip
anything = st.text(alphabet=st.characters(exclude_categories=()), max_size=40)
digits = st.text(alphabet="0123456789０１２３一二三十百千万.,- ~", max_size=60)
words_only = st.text(alphabet=st.characters(categories=("Lo", "Ll", "Po")), max_size=60)
mixed = st.lists(st.sampled_from(PHRASES + SCRIPTS) | anything, max_size=20).map("".join)
texts = anything | digits | words_only | mixed


@settings(max_examples=300, deadline=None)
@given(texts, texts)
def test_any_need_is_read_and_quotes_its_words(title: str, text: str) -> None:
    whole = f"{title}\n{text}"
    for condition in read_need(title, text, LEXICON, today=TODAY).conditions:
        assert condition.span is not None
        start, end = condition.span
        assert 0 <= start < end <= len(whole)
        assert condition.text == whole[start:end]
        if condition.min is not None and condition.max is not None:
            assert condition.min <= condition.max


@settings(max_examples=300, deadline=None)
@given(texts)
def test_any_listing_is_read_and_quotes_its_words(text: str) -> None:
    for fact in read_text(text, LEXICON, field="summary"):
        assert fact.span is not None
        start, end = fact.span
        assert 0 <= start < end <= len(text)
        assert fact.text == text[start:end]


REPEATED = [
    "5升",
    "10立升~1吨",
    "预算50万。",
    "不需要",
    "GMP或",
    "CNAS、",
    "发酵或",
    "8月底前",
    "1",
    "一",
    " ",
    "\n",
    "☃",
    "ب",
]


@pytest.mark.parametrize("piece", REPEATED)
def test_fifty_thousand_characters_of_one_thing_are_read(piece: str) -> None:
    text = (piece * 50_000)[:50_000]
    whole = f"题\n{text}"
    for condition in read_need("题", text, LEXICON, today=TODAY).conditions:
        assert condition.span is not None
        assert condition.text == whole[slice(*condition.span)]
    assert all(fact.span and fact.text == text[slice(*fact.span)] for fact in read_text(text, LEXICON))
