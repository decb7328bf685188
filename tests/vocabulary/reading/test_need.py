from zhongshi.vocabulary.reading import Lexicon, read_need

from .conftest import TODAY
from .notation import lines


def codes(title: str, text: str, lexicon: Lexicon) -> list[str]:
    return [question.code for question in read_need(title, text, lexicon, today=TODAY).questions]


def test_title_fills_what_the_text_leaves_out(lexicon: Lexicon) -> None:
    reading = read_need("木质素500升喷雾干燥", "找平台做一轮。", lexicon, today=TODAY)
    assert lines(reading) == {"process 喷雾干燥", "material 木质素", "volume 500..500 L"}


def test_the_texts_amount_and_place_beat_the_titles(lexicon: Lexicon) -> None:
    reading = read_need("成都平台500升发酵", "需要300升发酵，重庆优先。", lexicon, today=TODAY)
    assert lines(reading) == {"process 发酵", "volume 300..300 L", "region 500000"}


def test_a_product_nobody_listed_is_taken_from_the_title(lexicon: Lexicon) -> None:
    reading = read_need("苯并噁嗪连续化中试", "想做中试。", lexicon, today=TODAY)
    assert [c.value for c in reading.conditions if c.kind == "material"] == ["苯并噁嗪"]
    assert reading.unread == ("苯并噁嗪",)


def test_questions_ask_for_what_is_missing_in_order(lexicon: Lexicon) -> None:
    assert codes("", "做酯化反应", lexicon) == [
        "scale_missing",
        "hazard_missing",
        "qualification_missing",
        "region_missing",
        "start_missing",
    ]
    full = "300升发酵罐做重组酵母发酵，食品级，成都优先，明年3月前启动，预算60万，产品为透明质酸"
    assert codes("", full, lexicon) == []


def test_scale_is_asked_in_the_measure_of_the_trade(lexicon: Lexicon) -> None:
    for text, quantity in (("做发酵", "volume"), ("流片", "wafer_size"), ("喷雾干燥", "mass_per_batch")):
        (question,) = (q for q in read_need("", text, lexicon, today=TODAY).questions if q.code == "scale_missing")
        assert question.quantity == quantity


def test_conditions_come_in_order_and_in_exchange_form(lexicon: Lexicon) -> None:
    reading = read_need("", "发酵，500升，预算60万以内", lexicon, today=TODAY)
    assert [c.to_exchange() for c in reading.conditions] == [
        {"kind": "process", "value": "发酵", "op": "require", "hard": True,
         "text": "发酵", "span": [1, 3], "confidence": 0.9},
        {"kind": "parameter", "quantity": "volume", "min": 500.0, "max": 500.0, "unit": "L",
         "op": "covers", "hard": True, "text": "500升", "span": [4, 8], "confidence": 0.85},
        {"kind": "budget", "quantity": "budget", "min": None, "max": 600000.0, "unit": "CNY",
         "op": "overlaps", "hard": False, "text": "预算60万以内", "span": [9, 16], "confidence": 0.85},
    ]  # fmt: skip


def test_two_steps_of_one_amount_are_a_range(lexicon: Lexicon) -> None:
    assert "other 50..500 kg" in lines(read_need("", "先干50公斤，再干半吨", lexicon, today=TODAY))
