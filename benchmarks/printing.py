"""Wall time of one report of 1, 10 and 50 pages: `python -m benchmarks.printing`; the first call reads the fonts."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from typing import Any

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhongshi.settings.test")
    django.setup()
    from zhongshi.core import printing  # noqa: PLC0415 - needs the settings

    cover = printing.Cover("撮合报告", "打印用时", datetime.now(UTC))
    columns = [printing.Column("条件", 3), printing.Column("结论", 0), printing.Column("依据", 3)]
    for rows in (20, 350, 1750):
        content: list[list[Any]] = [
            [f"温度 −{n}–180 ℃", printing.Marked("满足", "ok"), f"设备铭牌 {n}"] for n in range(rows)
        ]
        for attempt in ("first", "again"):
            began = time.perf_counter()
            made = printing.report(cover, [printing.paragraph(attempt), printing.table(columns, content)])
            print(
                f"{rows:5} rows, {attempt}: {1000 * (time.perf_counter() - began):7.1f} ms, {len(made) / 1000:.0f} kB"
            )


if __name__ == "__main__":
    main()
