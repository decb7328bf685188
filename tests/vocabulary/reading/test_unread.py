"""Words of weight no vocabulary knows: which member of a list is left over, and what it must be."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshi.vocabulary.reading import Lexicon, load_default_lexicon, read_text
from zhongshi.vocabulary.reading.normalise import normalise
from zhongshi.vocabulary.reading.unread import Phrase, offered_text, unread_phrases

LEXICON: Lexicon = load_default_lexicon()
NEEDS = [
    # operations: what the lexicon knows is left out
    ("关键工序是发酵、渗滤浸提、浓缩。", "process: 渗滤浸提"),
    ("关键工序为氟代反应、析晶、浓缩。", "process: 氟代反应"),
    ("工序涉及钎焊、渗氮与喷丸。", "process: 钎焊 渗氮 喷丸"),
    ("步骤包括切粒、包胶以及热定型。", "process: 切粒 包胶 热定型"),
    ("工艺流程：上浆、退浆、染整", "process: 上浆 退浆 染整"),
    ("工艺包括超临界发泡、裁切、覆膜。", "process: 裁切 覆膜"),
    ("工艺步骤为拉丝及编网。", "process: 拉丝 编网"),
    ("关键步骤为溶剂热反应/洗涤/冷冻干燥。", "process: 溶剂热反应"),
    ("主要工序：酶解、脱色、柱分离等。", "process: 柱分离"),
    ("工序：制坯→挂釉→干燥", "process: 制坯 挂釉"),
    ("工序：上浆-植绒-干燥", "process: 上浆 植绒"),
    ("采用拉挤成型", "process: 拉挤成型"),
    ("需要渗铝", "process: 渗铝"),
    ("Process steps: hot melt coating/slitting/lamination", "process: hot melt coating, slitting"),
    ("Key unit operations: fermentation/pervaporation/drying", "process: pervaporation"),
    # products and permits; a permit is called the same with and without 认证
    ("拟开展植物甾醇、乳酸、谷维素的试制。", "material: 植物甾醇 谷维素"),
    ("要求通过TISAX认证、ISO9001认证。", "qualification: tisax"),
    ("持有KC认证和PSE认证的优先。", "qualification: kc pse"),
    ("要求持有CB证书、CNAS认证。", "qualification: cb"),
    # refused, not needed, done before
    ("不需要喷漆、电泳、抛光。", ""),
    ("无需挂釉、烧成工序。", ""),
    ("不做挂釉、烧成工序，只做干燥。", ""),
    ("不接受外协喷漆、电泳。", ""),
    ("曾经做过挂釉、烧成工序。", ""),
    ("之前做过喷漆、电泳、抛光工序。", ""),
    ("已完成挂釉、烧成工序。", ""),
    ("现有设备已完成喷涂、烘干工序。", ""),
    # numbers and talk are no names; what is known is not unread; each is named once
    ("关键工序为2次结晶、3步水洗。", ""),
    ("关键工序为3D打印、脱脂。", "process: 脱脂"),
    ("请提供报价、资料、费用。", ""),
    ("希望平台可以提供数据、资料、报价。", ""),
    ("预算80万，周期3个月。", ""),
    ("工艺包括发酵、发酵、发酵。", ""),
    ("工序包括渗铝、干燥、渗铝。", "process: 渗铝"),
    ("", ""),
]
LISTINGS = [
    ("拥有氟代反应、析晶、浓缩等单元操作能力。", "process:氟代反应"),
    ("拥有挂釉、烧成、干燥等工序。", "process:挂釉"),
    ("可开展编织、植绒、压花工艺。", "process:编织 process:植绒 process:压花"),
    ("擅长干法刻纹、湿法刻纹工艺。", "process:干法刻纹 process:湿法刻纹"),
    ("可做发酵、渗滤浸提、浓缩。", "process:渗滤浸提"),
    ("持有TISAX认证、ISO9001认证。", "qualification:tisax"),
    ("取得KC认证和PSE认证。", "qualification:kc qualification:pse"),
    ("Process steps: fermentation/pervaporation/drying", "process:pervaporation"),
    ("没有挂釉、烧成工序。", ""),
    ("不具备喷漆、电泳、抛光条件。", ""),
    ("目前没有静电纺丝、热压能力。", ""),
    ("暂不承接喷漆、电泳类项目。", ""),
    ("曾为陶瓷企业开展挂釉、烧成工序。", ""),
    ("工序共12道、检验3道。", ""),
    ("配备500L反应釜2台、离心机3台。", ""),
    ("平台成立于2015年，服务企业120家。", ""),
]


def _shown(phrases: tuple[Phrase, ...]) -> str:
    kinds = {phrase.kind for phrase in phrases}
    assert len(kinds) <= 1
    separator = " " if all(" " not in phrase.text for phrase in phrases) else ", "
    return f"{kinds.pop()}: {separator.join(phrase.text for phrase in phrases)}" if phrases else ""


@pytest.mark.parametrize(("text", "expected"), NEEDS)
def test_what_is_left_over_of_a_needs_lists(text: str, expected: str) -> None:
    assert _shown(unread_phrases("", text, LEXICON)) == expected


@pytest.mark.parametrize(("text", "expected"), LISTINGS)
def test_what_is_left_over_of_a_listings_lists(text: str, expected: str) -> None:
    phrases = [fact for fact in read_text(text, LEXICON, field="summary") if fact.kind == "phrase"]
    assert " ".join(str(fact.value) for fact in phrases) == expected
    for fact in phrases:
        assert fact.span is not None
        assert text[slice(*fact.span)] == fact.text


def test_what_was_done_once_may_be_asked_for_now() -> None:
    found = unread_phrases("放大", "之前做过发酵、挂釉。需要浓缩、挂釉。", LEXICON)
    assert [(phrase.kind, phrase.text) for phrase in found] == [("process", "挂釉")]


def test_a_title_is_read_before_the_text() -> None:
    phrases = unread_phrases("工序：渗铝、干燥", "工序：上浆、干燥", LEXICON)
    assert [(phrase.text, phrase.start) for phrase in phrases] == [("渗铝", 3), ("上浆", 12)]


def test_only_what_the_vocabulary_does_not_know_is_unread() -> None:
    assert unread_phrases("", "工序为渗铝、干燥。", LEXICON) == (Phrase("process", "渗铝"),)
    assert unread_phrases("", "工序为干燥、发酵。", LEXICON) == ()


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("可做发酵。不具备挂釉条件。可做干燥。", ("发酵", "干燥")),
        ("曾为陶瓷企业提供咨询。可做干燥。", ("干燥",)),
        ("可做发酵。", ("发酵",)),
    ],
)
def test_offered_text_leaves_out_what_is_not_there(text: str, offered: tuple[str, ...]) -> None:
    left = offered_text(text)
    assert [word for word in ("发酵", "干燥", "挂釉", "陶瓷") if word in left] == list(offered)


_PARTS = [
    "关键工序为",
    "需要",
    "渗铝",
    "发酵",
    "、",
    "/",
    "和",
    "→",
    "等",
    "不做",
    "曾为",
    "认证",
    "steps: ",
    "spin ",
    "。",
    "\n",
]
_TEXTS = st.lists(st.sampled_from(_PARTS) | st.text(max_size=8), max_size=25).map("".join)


@settings(max_examples=300, deadline=None)
@given(_TEXTS, _TEXTS)
def test_any_text_is_read_and_each_phrase_stands_in_its_normal_form(title: str, text: str) -> None:
    normal = normalise(f"{title}\n{text}").lower
    phrases = unread_phrases(title, text, LEXICON)
    assert len(set(phrases)) == len(phrases)
    for phrase in phrases:
        assert phrase.kind in {"process", "material", "qualification"}
        assert normal[phrase.start : phrase.start + len(phrase.text)] == phrase.text
        assert 2 <= len(phrase.text) <= 24
