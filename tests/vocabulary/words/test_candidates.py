"""Words of weight that no term knows: sentences of our own, what is left of them."""

import pytest

from zhongshi.vocabulary.candidates import is_known, similar_forms, unknown_candidates
from zhongshi.vocabulary.reading import Form, Lexicon, Term, load_default_lexicon

LEXICON = Lexicon([Term("process", "FERM", "发酵"), Term("material", "ENZYME", "酶制剂")], [])


def words(text: str, lexicon: Lexicon = LEXICON) -> list[str]:
    return [item.word for item in unknown_candidates(text, lexicon)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("提供发酵和微通道合成服务", ["微通道合成"]),
        ("建有500升发酵罐三台、碟式离心机两台", ["碟式离心机"]),
        ("苯并噁嗪单体的克级到公斤级放大", ["苯并噁嗪单体"]),
        ("噻吩酯类与吡啶酮化合物的试制", ["噻吩酯类", "吡啶酮化合物"]),
        ("开展MOCVD外延与LiPF6合成", ["MOCVD外延", "LiPF6合成"]),
        ("我们希望找平台合作，尽快完成中试", []),
        ("面向企业提供技术研发与成果转化服务", []),
        ("每小时处理40吨，直径8英寸", []),
        ("", []),
    ],
)
def test_what_is_left_when_known_and_everyday_words_are_gone(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_a_known_term_cuts_a_word_and_is_not_offered() -> None:
    assert words("固态发酵床") == []
    assert "发酵" not in "".join(words("深层发酵培养基优化"))


def test_plain_english_is_left_alone_and_codes_are_taken() -> None:
    assert words("We operate a pilot plant with HEMT and SiC lines for partners.") == ["HEMT", "SiC"]


def test_one_word_in_several_spellings_is_one_candidate() -> None:
    found = unknown_candidates("ＭＯＣＶＤ、MOCVD、mocvd", LEXICON)

    assert [(item.word, item.folded) for item in found] == [("MOCVD", "mocvd")]


def test_what_the_reader_gave_up_on_comes_first_under_the_same_rules() -> None:
    found = unknown_candidates("做发酵", LEXICON, unread=["微囊化", "平台", "酶制剂"])

    assert [item.word for item in found] == ["微囊化"]


def test_at_most_sixty_words_come_out_of_any_text() -> None:
    text = "、".join(f"AB{number}C" for number in range(300))

    assert len(unknown_candidates(text, LEXICON)) == 60


def test_any_text_may_be_given() -> None:
    lexicon = load_default_lexicon()
    for text in ("\x00", "…………", "a" * 50_000, "发" * 5_000, "①②③½ﬁ", "𠀀𠀁"):
        unknown_candidates(text, lexicon)


def test_similar_terms_share_letters_and_each_term_comes_once() -> None:
    lexicon = Lexicon(
        [Term("process", "SPRAY", "喷雾干燥"), Term("process", "FREEZE", "冷冻干燥"), Term("process", "FERM", "发酵")],
        [Form("process", "SPRAY", "喷雾干燥塔")],
    )

    assert similar_forms("离心喷雾干燥", lexicon) == [
        ("process", "SPRAY", "喷雾干燥"),
        ("process", "FREEZE", "冷冻干燥"),
    ]
    assert similar_forms("激光", lexicon) == []


def test_a_word_is_known_when_all_of_it_is_a_form() -> None:
    assert is_known("发酵", LEXICON)
    assert not is_known("发酵罐体", LEXICON)
