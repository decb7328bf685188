"""`manage.py evaluate`: exchange files in, one line a need out, no database."""

from __future__ import annotations

import gzip
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

PLATFORMS = [
    {
        "id": "p1",
        "name": "甲平台",
        "country": "CN",
        "region": "510100",
        "capabilities": [
            {
                "id": "big",
                "name": "大罐",
                "processes": ["发酵"],
                "parameters": [{"quantity": "volume", "min": 100, "max": 5000, "unit": "L"}],
                "qualifications": ["GMP"],
            },
            {
                "id": "small",
                "name": "小罐",
                "processes": ["发酵"],
                "parameters": [{"quantity": "volume", "min": 1, "max": 10, "unit": "L"}],
            },
        ],
    },
    {
        "id": "p2",
        "name": "乙平台",
        "country": "CN",
        "region": "310000",
        "capabilities": [{"id": "blank", "name": "其他"}],
    },
]
NEED: dict[str, Any] = {
    "id": "n1",
    "title": "发酵放大",
    "text": "需要GMP条件下发酵，罐容1000L。",
    "country": "CN",
    "conditions": [
        {"kind": "process", "value": "发酵", "op": "require", "hard": False},
        {"kind": "parameter", "quantity": "volume", "min": 1, "max": 1, "unit": "m3", "op": "covers", "hard": True},
    ],
}


def write(path: Path, *records: Any) -> Path:
    lines = [record if isinstance(record, str) else json.dumps(record, ensure_ascii=False) for record in records]
    text = "".join(line + "\n" for line in lines)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, encoding="utf-8")
    return path


def run(folder: Path, needs: list[Any], platforms: list[Any], *flags: str) -> tuple[list[dict[str, Any]], str]:
    told, out = StringIO(), folder / "run.jsonl"
    call_command(
        "evaluate",
        "--platforms",
        str(write(folder / "platforms.jsonl.gz", *platforms)),
        "--needs",
        str(write(folder / "needs.jsonl", *needs)),
        "--out",
        str(out),
        *flags,
        stderr=told,
    )
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()], told.getvalue()


def test_one_line_a_need(tmp_path: Path) -> None:
    (line,), told = run(tmp_path, [NEED], PLATFORMS)
    assert list(line) == ["need", "ranking", "scores", "verdicts", "conditions", "ms"]
    assert (line["need"], line["ranking"]) == ("n1", ["big", "blank"])
    assert line["verdicts"] == {
        "big": ["pass", "pass"],
        "small": ["pass", "fail"],
        "blank": ["unknown", "unknown"],
    }
    assert 100 >= line["scores"][0] > line["scores"][1] >= 0
    assert line["ms"] > 0
    assert {"发酵", "GMP"} <= {condition.get("value") for condition in line["conditions"]}
    assert "3 capabilities, 1 lines written" in told


def test_broken_lines_are_reported_by_number_and_the_others_used(tmp_path: Path) -> None:
    lines, told = run(tmp_path, ["{broken", NEED, "[]", ""], [PLATFORMS[0], "nonsense", PLATFORMS[1]])
    assert [line["need"] for line in lines] == ["n1"]
    assert len(lines[0]["verdicts"]) == 3
    assert f"{tmp_path}/platforms.jsonl.gz:2: broken line" in told
    assert f"{tmp_path}/needs.jsonl:1: broken line" in told
    assert f"{tmp_path}/needs.jsonl:3: broken line" in told


def test_records_that_cannot_be_used_are_named_and_left_out(tmp_path: Path) -> None:
    bad_need = {"id": "bad", "conditions": [{"value": "发酵"}]}
    bad_platform = {"id": "p9", "capabilities": [{"name": "no id"}]}
    lines, told = run(tmp_path, [bad_need, NEED], [bad_platform, *PLATFORMS])
    assert [line["need"] for line in lines] == ["n1"]
    assert "need 'bad': left out" in told
    assert "platform 'p9': left out" in told


def test_number_in_the_text_binds_where_the_form_is_silent(tmp_path: Path) -> None:
    silent = {**NEED, "conditions": NEED["conditions"][:1]}
    (line,), _ = run(tmp_path, [silent], PLATFORMS)
    assert line["ranking"] == ["big", "blank"]
    assert line["verdicts"]["small"] == ["pass"]


def test_k_shortens_the_ranking(tmp_path: Path) -> None:
    (line,), _ = run(tmp_path, [NEED], PLATFORMS, "--k", "1")
    assert (line["ranking"], len(line["scores"])) == (["big"], 1)


def test_read_text_only_judges_by_what_was_read(tmp_path: Path) -> None:
    (line,), _ = run(tmp_path, [{**NEED, "conditions": []}], PLATFORMS, "--read-text-only")
    assert {len(verdicts) for verdicts in line["verdicts"].values()} == {len(line["conditions"])}
    assert line["ranking"][0] == "big"


def test_reverse_ranks_needs_for_each_capability(tmp_path: Path) -> None:
    other = {
        "id": "n2",
        "title": "光刻",
        "text": "",
        "conditions": [{"kind": "process", "value": "光刻", "hard": True}],
    }
    lines, _ = run(tmp_path, [NEED, other], PLATFORMS, "--reverse")
    assert {line["capability"]: line["ranking"] for line in lines} == {
        "big": ["n1"],
        "small": [],
        "blank": ["n1", "n2"],
    }
    assert lines[0]["verdicts"] == {"n1": ["pass", "pass"]}


def test_vocabulary_of_a_folder_replaces_the_built_in_one(tmp_path: Path) -> None:
    folder = tmp_path / "vocabulary"
    folder.mkdir()
    (folder / "processes.json").write_text('[{"name": "发酵", "forms": ["酿"]}]', encoding="utf-8")
    (line,), _ = run(tmp_path, [{**NEED, "title": "酿", "text": "要酿。"}], PLATFORMS, "--vocabulary", str(folder))
    assert "发酵" in {condition.get("value") for condition in line["conditions"]}


def test_missing_files_and_bad_arguments_are_told_clearly(tmp_path: Path) -> None:
    needs, platforms = write(tmp_path / "n.jsonl", NEED), write(tmp_path / "p.jsonl", *PLATFORMS)

    def asked(*, needs: Path = needs, platforms: Path = platforms, rest: tuple[str, ...] = ()) -> None:
        out = str(tmp_path / "run.jsonl")
        call_command("evaluate", "--platforms", str(platforms), "--needs", str(needs), "--out", out, *rest)

    with pytest.raises(CommandError, match=r"No such file: .*nowhere"):
        asked(needs=tmp_path / "nowhere.jsonl")
    with pytest.raises(CommandError, match=r"No such file: .*nowhere"):
        asked(platforms=tmp_path / "nowhere.jsonl")
    with pytest.raises(CommandError, match="No such folder"):
        asked(rest=("--vocabulary", str(tmp_path / "nowhere")))
    with pytest.raises(CommandError, match="at least 1"):
        asked(rest=("--k", "0"))
    with pytest.raises(CommandError, match="required: --platforms"):
        call_command("evaluate", "--needs", str(needs), "--out", "x")
