"""`text` is always what stands at `span`, whatever was written."""

from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshi.vocabulary.reading import Lexicon, load_default_lexicon, read_capability, read_need, read_text

from .conftest import TODAY

PIECES = [
    "发酵", "５Ｌ", "3 m³", "℃", "25 ℃", "㎏", "10㎥", "不需要", "GMP", "国内外都可以", "8月底前", "预算", "60万",
    "以内", "成都",
    "或",
    "…", "ﬁ", "İ", "½", "①", "😀", "\n", "\t", "，", "。", "(", "至少", "-", "~", "半吨", "每批", "放大", "ISO 9001",
    "within 6 months",
    "EUR 5,000", "二〇二七年", "三季度", "\u200b", "ẞ", "㍿", "ｶﾞ", "中试", "先干50公斤，再干半吨",
    "无放射性", "电芯测试",
    "2027年1月",
]  # fmt: skip
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=25).map("".join)
LEXICON: Lexicon = load_default_lexicon()


@settings(max_examples=150, deadline=None)
@given(texts, texts)
def test_every_condition_quotes_its_span(title: str, text: str) -> None:
    whole = f"{title}\n{text}"
    for condition in read_need(title, text, LEXICON, today=TODAY).conditions:
        assert condition.span is not None
        start, end = condition.span
        assert 0 <= start < end <= len(whole)
        assert whole[start:end] == condition.text
        assert condition.text in title or condition.text in text


@settings(max_examples=100, deadline=None)
@given(texts)
def test_every_fact_quotes_its_span(text: str) -> None:
    for fact in read_text(text, LEXICON, field="summary"):
        assert fact.span is not None
        assert text[fact.span[0] : fact.span[1]] == fact.text


KEYS = st.sampled_from(["quantity", "min", "max", "unit", "text", "amount", "from", "to"])
plain = st.none() | st.booleans() | st.floats(allow_nan=True) | st.text(max_size=8)
nested = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=8
)
FIELDS = st.sampled_from(["name", "summary", "processes", "parameters", "price", "availability"])


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(FIELDS, nested))
def test_no_malformed_listing_raises(capability: dict[str, object]) -> None:
    assert isinstance(read_capability({"region": 5, "country": None}, capability, LEXICON), tuple)


def test_full_width_and_wide_signs_keep_their_place() -> None:
    (volume,) = (c for c in read_need("", "①…需要５００Ｌ发酵罐", LEXICON, today=TODAY).conditions if c.quantity)
    assert (volume.text, volume.span, volume.min) == ("５００Ｌ", (5, 9), 500.0)
