"""Board and alarms ask for figures that exist, and each alarm has its section in the runbook."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml
from django.test import Client

from zhongshi.core.telemetry import counters
from zhongshi.embedded.ground import CHECKOUT

DEPLOY = CHECKOUT / "deploy"
RULES: list[dict[str, Any]] = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text("utf-8"))["groups"][0][
    "rules"
]
BOARD: dict[str, Any] = json.loads((DEPLOY / "grafana" / "zhongshi.json").read_text("utf-8"))
RUNBOOK = (CHECKOUT / "docs" / "runbook.md").read_text("utf-8")
EXPRESSIONS = [str(rule["expr"]) for rule in RULES] + [t["expr"] for p in BOARD["panels"] for t in p["targets"]]
PROMTOOL = shutil.which("promtool")


@pytest.fixture
def figures(client: Client, db: None) -> set[str]:
    """Names of all figures the service tells, with those a histogram and a counter are told under."""
    counters.NUDGES.labels("sent").inc(0)
    client.get("/services/")
    text = client.get("/metrics").content.decode()
    kinds = dict(re.findall(r"^# TYPE (\w+) (\w+)$", text, re.MULTILINE))
    names = set(kinds)
    for name, kind in kinds.items():
        names |= {f"{name}_{part}" for part in ("bucket", "count", "sum")} if kind == "histogram" else set()
    return names


def asked(expression: str) -> set[str]:
    """The figures of ours an expression asks for."""
    return set(re.findall(r"\bzhongshi_\w+", expression))


def test_every_expression_asks_for_figures_that_exist(figures: set[str]) -> None:
    assert {name for expression in EXPRESSIONS for name in asked(expression)} - figures == set()
    assert all(asked(expression) or expression.startswith("up{") for expression in EXPRESSIONS)


def test_every_figure_is_on_the_board(figures: set[str]) -> None:
    shown = {
        re.sub(r"_(bucket|count|sum)$", "", n) for p in BOARD["panels"] for t in p["targets"] for n in asked(t["expr"])
    }
    told = {re.sub(r"_(bucket|count|sum)$", "", name) for name in figures if name.startswith("zhongshi_")}
    told = {name for name in told if not name.endswith("_created")}

    assert told - shown == set()


def test_every_alarm_has_its_section_in_the_runbook() -> None:
    sections = {
        head.lower().replace(" ", "-"): text
        for head, text in re.findall(r"^## (.+)\n((?:(?!## ).*\n?)*)", RUNBOOK, re.MULTILINE)
    }
    for rule in RULES:
        anchor = rule["annotations"]["runbook_url"].removeprefix("docs/runbook.md#")
        for part in ("**Meaning.**", "**Look at.**", "**Do.**", "**After.**"):
            assert part in sections[anchor], f"{rule['alert']}: {part}"


def test_alarms_say_how_urgent_they_are_and_wait_a_moment() -> None:
    assert len({rule["alert"] for rule in RULES}) == len(RULES) >= 10
    for rule in RULES:
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert re.fullmatch(r"\d+[mh]", rule["for"])


def test_the_board_names_no_server_and_panels_do_not_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in BOARD["panels"]:
        assert panel["datasource"]["uid"] == "${datasource}"
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= 24
        taken |= cells


@pytest.mark.skipif(PROMTOOL is None, reason="no promtool on this machine")
def test_prometheus_understands_rules_and_configuration() -> None:
    for words in (["check", "rules", "alerts.yml"], ["check", "config", "prometheus.yml"]):
        done = subprocess.run(
            [str(PROMTOOL), *words], cwd=DEPLOY / "prometheus", capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
