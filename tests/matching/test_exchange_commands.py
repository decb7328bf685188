"""Exchange files in and out by command."""

import gzip
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from platforms.models import Platform
from requests.models import Need
from zhongshi.accounts.models import Zone
from zhongshi.core.models import OutboxEvent

pytestmark = pytest.mark.django_db(transaction=True)
PLATFORM: dict[str, Any] = {
    "id": "x-1", "name": "平台", "operator": None, "operator_kind": "unknown", "country": "CN", "region": "510100",
    "city": None, "chains": [], "level": None, "status": None, "source": None, "colour": "blue",
    "capabilities": [
        {"id": "x-1-1", "name": "发酵线", "summary": "", "stages": [], "services": [], "processes": ["发酵"],
         "materials": [], "parameters": [], "qualifications": [], "small_batch": None, "price": None,
         "availability": None}
    ],
}  # fmt: skip
NEED: dict[str, Any] = {
    "id": "n-1", "title": "发酵放大", "text": "需要发酵", "country": "CN", "region": "510000", "origin": "composed",
    "conditions": [
        {"kind": "process", "value": "发酵", "op": "require", "hard": True, "text": "发酵"},
        {"kind": "window", "earliest_start": "2027-01-04", "latest_start": "2027-02-01", "weeks": 5,
         "op": "require", "hard": True, "text": ""},
    ],
}  # fmt: skip


def _write(path: Path, *lines: Any) -> Path:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    path.write_text(text, encoding="utf-8")
    return path


def _load(*files: Path, **options: Any) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("load_exchange", *files, stdout=out, stderr=err, **options)
    return out.getvalue().strip(), err.getvalue()


def test_what_is_loaded_is_dumped(zone: Zone, tmp_path: Path) -> None:
    assert _load(_write(tmp_path / "a.jsonl", PLATFORM, NEED))[0] == "2 created 0 updated 0 unchanged 0 refused"

    out = StringIO()
    call_command("dump_exchange", stdout=out)

    dumped = [json.loads(line) for line in out.getvalue().splitlines()]
    assert dumped == [PLATFORM, NEED]
    again = _write(tmp_path / "b.jsonl", *dumped)
    assert _load(again)[0] == "0 created 0 updated 2 unchanged 0 refused"


def test_a_broken_line_is_reported_with_its_number_and_the_others_are_loaded(zone: Zone, tmp_path: Path) -> None:
    wrong_unit = json.loads(json.dumps(PLATFORM)) | {"id": "x-2"}
    wrong_unit["capabilities"][0] |= {"id": "x-2-1", "parameters": [{"quantity": "volume", "max": 5, "unit": "kg"}]}
    file = _write(tmp_path / "a.jsonl", PLATFORM, "{broken", "[1]", wrong_unit, "", {**NEED, "text": ""})

    out, err = _load(file)

    assert out == "1 created 0 updated 0 unchanged 4 refused"
    assert [line.split(":")[1] for line in err.strip().splitlines()] == ["2", "3", "4", "6"]
    assert "capabilities.0.parameters.0.unit" in err
    assert (Platform.objects.count(), Need.objects.count()) == (1, 0)


def test_publishing_lists_platforms_and_opens_needs(zone: Zone, tmp_path: Path) -> None:
    _load(_write(tmp_path / "a.jsonl", PLATFORM, NEED), publish=True)

    assert (Platform.objects.get().status, Need.objects.get().status) == ("published", "open")
    assert OutboxEvent.objects.filter(topic="need.opened", handler__startswith="matching").count() == 1


def test_changes_are_counted_and_make_a_revision(zone: Zone, tmp_path: Path) -> None:
    _load(_write(tmp_path / "a.jsonl", PLATFORM, NEED))

    out, _ = _load(_write(tmp_path / "b.jsonl", {**PLATFORM, "name": "新名"}, {**NEED, "title": "新题"}))

    assert out == "0 created 2 updated 0 unchanged 0 refused"
    need = Need.objects.get()
    assert (need.title, need.revision, need.conditions.count()) == ("新题", 2, 2)  # type: ignore[attr-defined]


def test_gzipped_files_are_read(zone: Zone, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(PLATFORM).encode()))

    assert _load(path)[0].startswith("1 created")


@pytest.mark.parametrize("content", [b"PK\x03\x04 not lines", b"name,region\nx,y\n", b"\x00\xff\xfe"])
def test_a_file_of_another_kind_is_refused_as_a_whole(zone: Zone, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(content)

    with pytest.raises(CommandError, match="Nothing could be loaded"):
        _load(path)


def test_a_damaged_archive_is_a_clear_error(zone: Zone, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b"x" * 1000)[:20])

    with pytest.raises(CommandError, match="cannot be read"):
        _load(path)


def test_the_zone_must_be_named_where_there_are_two(zone: Zone, other_zone: Zone, tmp_path: Path) -> None:
    file = _write(tmp_path / "a.jsonl", PLATFORM)
    with pytest.raises(CommandError, match="cd, wh"):
        _load(file)

    _load(file, zone="wh")

    assert Platform.objects.get().zone == other_zone
    out = StringIO()
    call_command("dump_exchange", zone="cd", stdout=out)
    assert out.getvalue() == ""


def test_a_missing_file_is_a_clear_error(zone: Zone, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is not a file"):
        _load(tmp_path / "none.jsonl")
