"""The plot: log scales, a line and a name for each contestant, names that do not cover each other."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from benchmarks.figures import Figures
from benchmarks.plot import Axis, draw, series

FIGURES = Figures("ours", 100, 0.8, 0.9, 2.0, 4.0, 1.5, 250.0, 0.25)
FORWARD = {
    10_000: [replace(FIGURES, median_ms=20.0), replace(FIGURES, name="bm25s", median_ms=20.5)],
    1_000: [FIGURES, replace(FIGURES, name="bm25s", median_ms=0.5), replace(FIGURES, name="<new>", median_ms=3.0)],
}
SVG = "{http://www.w3.org/2000/svg}"


def test_an_axis_reaches_over_whole_decades() -> None:
    axis = Axis.over([0.5, 2.0, 20.0], 0, 300)
    assert axis.ticks() == [0.1, 1, 10, 100]
    assert [axis.at(value) for value in (0.1, 1, 10, 100)] == [0, 100, 200, 300]
    assert Axis.over([10, 10], 0, 300).ticks() == [10, 100]


def test_series_go_by_size() -> None:
    assert series(FORWARD) == {
        "ours": [(1_000, 2.0), (10_000, 20.0)],
        "bm25s": [(1_000, 0.5), (10_000, 20.5)],
        "<new>": [(1_000, 3.0)],
    }


def test_every_contestant_has_a_line_and_a_name_of_its_own_place() -> None:
    picture = ElementTree.fromstring(draw(FORWARD))  # noqa: S314 - we have just drawn it
    lines = picture.findall(f"{SVG}polyline")
    assert len({line.get("stroke") for line in lines}) == len(lines) == 3
    places = {text.text: float(text.get("y", "")) for text in picture.findall(f"{SVG}text")}
    assert {"ours", "bm25s", "<new>", "1,000", "10,000", "listings"} <= places.keys()
    assert abs(places["ours"] - places["bm25s"]) >= 16


def test_nothing_measured_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        draw({})
