"""One word beside the number decides which quantity it is."""

import pytest

from zhongshi.vocabulary.reading.clauses import Clauses
from zhongshi.vocabulary.reading.measures import measures
from zhongshi.vocabulary.reading.normalise import normalise
from zhongshi.vocabulary.reading.quantities import is_wafer_text, name_quantity


def named(text: str, *, is_listing: bool = False) -> list[tuple[str, float | None, float | None, str]]:
    clauses = Clauses(normalise(text))
    found = (
        name_quantity(part, clauses, is_wafer=is_wafer_text(text.lower()), is_listing=is_listing)
        for part in measures(clauses.text)
    )
    return [(item.name, item.low, item.high, item.unit) for item in found if item is not None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3吨釜", ("volume", 3000, 3000, "L")),
        ("发酵罐2吨", ("volume", 2000, 2000, "L")),
        ("每批3吨", ("mass_per_batch", 3000, 3000, "kg")),
        ("500公斤/批", ("mass_per_batch", 500, 500, "kg")),
        ("试产3吨", ("other", 3000, 3000, "kg")),
        ("年产3吨", ("throughput_annual", 3, 3, "t/a")),
        ("日处理3吨", ("throughput_mass", 3, 3, "t/d")),
        ("每小时进料50升", ("other", 50, 50, "L/h")),
        ("日处理500升", ("other", 0.5, 0.5, "m3/d")),
        ("处理量5方/天", ("other", 5, 5, "m3/d")),
        ("月产10吨", ("throughput_annual", 120, 120, "t/a")),
        ("合计每年十万吨", ("throughput_annual", 100000, 100000, "t/a")),
        ("总投料1,200kg", ("other", 1200, 1200, "kg")),
        ("单批重量30公斤", ("mass_per_batch", 30, 30, "kg")),
        ("釜单批投料2吨", ("mass_per_batch", 2000, 2000, "kg")),
        ("-55~70度", ("temperature", -55, 70, "degC")),
        ("纯度优于99.9%", ("other", 99.9, 100, "%")),
        ("锁模力300吨", ("other", 300, 300, "t(clamp)")),
        ("载重30公斤", ("other", 30, 30, "kg")),
        ("耐压8公斤", ("pressure", 0.784532, 0.784532, "MPa")),
        ("8寸流片", ("wafer_size", 8, 8, "inch")),
        ("幅宽40英寸", ("width", 40, 40, "inch")),
        ("55nm工艺流片", ("node", 55, 55, "nm")),
        ("粒径200纳米", ("other", 200, 200, "nm")),
        ("流片25片", ("count", 25, 25, "wafer")),
        ("试制25片", ("count", 25, 25, "片")),
        ("月投500片晶圆", ("throughput_mass", 500, 500, "wafer/month")),
        ("零下20度", ("temperature", -20, -20, "degC")),
        ("纯度99.9%以上", ("other", 99.9, 100, "%")),
        ("幅宽1.6米", ("width", 1.6, 1.6, "m")),
        ("老化1000小时", ("other", 1000, 1000, "h")),
    ],
)
def test_quantity_is_named(text: str, expected: tuple[str, float, float, str]) -> None:
    ((name, low, high, unit),) = named(text)
    assert (name, unit) == (expected[0], expected[3])
    assert (low, high) == pytest.approx(expected[1:3])


@pytest.mark.parametrize("text", ["收率提高3%", "一台设备", "两件事", "转45度", "走5公里", "开会2小时", "一批样机"])
def test_idle_amounts_are_left(text: str) -> None:
    assert named(text) == []


def test_a_listing_speaks_of_batches_where_it_says_no_more() -> None:
    assert named("产出20公斤", is_listing=True) == [("mass_per_batch", 20.0, 20.0, "kg")]
    assert named("产出20公斤") == [("other", 20.0, 20.0, "kg")]
