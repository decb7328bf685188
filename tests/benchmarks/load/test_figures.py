"""What the load measurement calculates: quantiles, rates, promises, trends, and when a steady run has failed."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.load.measured import Measured, Promise, of_times, quantile, table
from benchmarks.load.picture import draw
from benchmarks.load.report import Report
from benchmarks.load.sampling import Samples
from benchmarks.load.steady import Mixer, judged
from benchmarks.load.trend import trend


def test_quantiles_and_rates() -> None:
    found = of_times("x", 4, 10.0, [number / 1000 for number in range(100, 0, -1)], errors=3)

    assert (found.p50, found.p95, found.p99) == pytest.approx((51, 96, 100))
    assert found.per_second == 10
    assert found.row() == ["x", "4", "10.0", "51.0", "96.0", "100", "–", "3", "100"]


def test_nothing_measured_is_zero() -> None:
    assert of_times("x", 1, 0.0, [], errors=0) == Measured("x", 1, 0.0, 0, 0, 0, 0, 0)
    assert quantile([], 0.5) == 0


@pytest.mark.parametrize(
    ("at_least", "got", "said"),
    [(False, 150, "kept"), (False, 150.1, "MISSED"), (True, 60, "kept"), (True, 59, "MISSED")],
)
def test_a_promise_is_kept_at_its_bound(at_least: bool, got: float, said: str) -> None:
    bound = 60 if at_least else 150
    assert Promise("x", bound, got, at_least=at_least).row()[-1] == said


def test_a_table() -> None:
    assert table(["what", "n"], [["a", "1"]]) == "| what | n |\n| --- | --: |\n| a | 1 |"


def _points(mb: float, per_minute: float, seconds: int = 900) -> list[tuple[float, float]]:
    """A figure every five seconds, up and down by one."""
    return [(at, mb + per_minute * at / 60 + (at // 5) % 2) for at in map(float, range(0, seconds, 5))]


@pytest.mark.parametrize(("per_minute", "grows"), [(0.0, False), (-1.0, False), (0.2, False), (0.5, True)])
def test_growth_is_what_is_sure_and_matters(per_minute: float, grows: bool) -> None:
    points = _points(200, per_minute)
    found = trend([at for at, _ in points], [value for _, value in points])

    assert found is not None
    assert found.slope == pytest.approx(per_minute, abs=0.02)
    assert found.low <= found.slope <= found.high
    assert found.grows is grows


def test_noise_is_no_growth() -> None:
    steps = [200 + (7 * number) % 61 for number in range(180)]
    found = trend([5.0 * number for number in range(180)], steps)

    assert found is not None
    assert not found.grows


def test_too_little_says_nothing() -> None:
    assert trend([0, 30, 60], [1, 2, 3]) is None


def _run(memory: float = 0.0, owed: float = 0.0, ends: int = 900) -> Samples:
    samples = Samples({("web", 7): _points(200, memory, ends)})
    samples.owed = [(at, 10 + owed * at / 60) for at in map(float, range(0, 900, 5))]
    samples.oldest = [(at, 1.5) for at, _ in samples.owed]
    return samples


@pytest.mark.parametrize(
    ("samples", "left", "errors", "reason"),
    [
        (_run(), 3, 0, None),
        (_run(memory=1.0), 3, 0, "web 7 grows by 1.00 MB a minute"),
        (_run(owed=20), 3, 0, "work piles up: 159 rows in the middle, 259 at the end"),
        (_run(), 60, 0, "something is still owed 60 s after the last call"),
        (_run(), 3, 2, "2 of 1000 calls failed"),
        (_run(ends=300), 3, 0, "1 processes died"),
    ],
)
def test_when_a_steady_run_has_failed(samples: Samples, left: float, errors: int, reason: str | None) -> None:
    found = judged([Measured("minute 1", 16, 60, 1000, errors, 1, 2, 3)], samples, left, {}, 900)

    assert found.reasons == ([reason] if reason else [])


def test_the_mixer_learns_what_there_is_to_answer_once() -> None:
    mixer = Mixer(["{}"], ["e"], ["o"])
    leads = mixer._leads(0)
    for _ in range(2):
        mixer.learn(leads, 200, b'{"results": [{"id": "one"}]}')

    assert [mixer._answer(0).path, mixer._answer(0).path] == [
        "/api/v1/leads/one/accept/",
        "/api/v1/leads/?state=waiting",
    ]


def test_the_picture_draws_every_process() -> None:
    drawn = ElementTree.fromstring(draw(_run()))  # noqa: S314 - our own
    lines = drawn.findall("{http://www.w3.org/2000/svg}polyline")
    assert len(lines) == 3


def test_a_section_measured_again_replaces_its_own(tmp_path: Path) -> None:
    _report(tmp_path).add("Reading", ["what", "n"], [["a", "1"]])
    _report(tmp_path).add("Workers", ["what", "n"], [["b", "2"]])
    _report(tmp_path).add("Reading", ["what", "n"], [["c", "3"]], promises=[Promise("p", 1, 2)])

    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "| c | 3 |" in text
    assert "| b | 2 |" in text
    assert "| a | 1 |" not in text
    assert "| p | ≤ 1 | 2.0 | MISSED |" in text
    assert "PostgreSQL 15.1 (fsync on)" in text


def _report(folder: Path) -> Report:
    return Report.at(folder, "PostgreSQL 15.1 (fsync on)")
