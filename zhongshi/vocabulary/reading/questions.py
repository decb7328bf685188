"""What a need leaves open and would change the result most, asked in that order."""

from __future__ import annotations

from collections.abc import Sequence

from .model import Condition, Question

MOST = 5
_CHEMICAL = frozenset(
    {"化学合成", "原料药合成", "加氢", "聚合", "微反应", "精馏", "催化剂放大", "固定床反应", "流化床反应"}
)
_LIVING = frozenset({"发酵", "细胞培养", "生物药生产", "酶催化", "微藻培养", "菌株验证"})
_BATTERY = frozenset({"电芯制造", "电池材料制备"})
_WAFER = frozenset({"晶圆流片", "MEMS加工", "硅光工艺", "化合物半导体工艺", "光刻", "刻蚀", "外延", "薄膜沉积"})
_SCALE = frozenset(
    {"volume", "mass_per_batch", "throughput_mass", "throughput_annual", "count", "wafer_size", "power", "area"}
)


def questions_about(conditions: Sequence[Condition]) -> tuple[Question, ...]:
    """The questions whose answers would narrow the result most, at most five."""
    kinds = {condition.kind for condition in conditions}
    processes = {value for item in conditions if item.kind == "process" for value in _values(item)}
    asked = []
    if "process" not in kinds and "service" not in kinds:
        asked.append(Question("process_missing", "process"))
    if not any(item.quantity in _SCALE for item in conditions):
        asked.append(Question("scale_missing", "parameter", _likely_scale(processes)))
    if processes & _CHEMICAL and not kinds & {"hazard"}:
        asked.append(Question("hazard_missing", "hazard"))
    if processes & _LIVING and "hazard" not in kinds:
        asked.append(Question("biosafety_missing", "hazard"))
    for kind, code in (
        ("qualification", "qualification_missing"),
        ("region", "region_missing"),
        ("start_by", "start_missing"),
        ("budget", "budget_missing"),
        ("material", "material_missing"),
    ):
        if kind not in kinds and not (kind == "start_by" and "window" in kinds):
            asked.append(Question(code, kind))
    return tuple(asked[:MOST])


def _values(item: Condition) -> tuple[str, ...]:
    return item.value if isinstance(item.value, tuple) else (item.value or "",)


def _likely_scale(processes: set[str]) -> str:
    """The quantity that measures scale in the need's trade."""
    if processes & _WAFER:
        return "wafer_size"
    if processes & (_CHEMICAL | _LIVING):
        return "volume"
    return "throughput_annual" if processes & _BATTERY else "mass_per_batch"
