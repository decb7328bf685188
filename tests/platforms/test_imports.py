"""Imports: good rows go in, bad rows are reported, a job goes on wherever it was left."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from platforms.importing.columns import TEMPLATE
from platforms.models import Capability, Fact, ImportJob, Platform
from platforms.services import imports
from platforms.services.import_drafts import import_submit
from tests.platforms.importing.workbook import sheet_of, workbook
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import User
from zhongshi.core import outbox
from zhongshi.core.errors import InvalidInput, NotAllowed, TooLarge
from zhongshi.core.models import AuditEntry, OutboxEvent

pytestmark = pytest.mark.usefixtures("english")


def _record(number: int, **capability: Any) -> dict[str, Any]:
    part = {"id": f"p{number}-1", "name": f"发酵线{number}", "summary": "500L发酵罐", "processes": ["发酵"]}
    return {"id": f"p{number}", "name": f"平台{number}", "country": "CN", "capabilities": [{**part, **capability}]}


def _lines(*records: Any) -> bytes:
    return "\n".join(
        record if isinstance(record, str) else json.dumps(record, ensure_ascii=False) for record in records
    ).encode()


def _row(platform: str = "中试平台甲", capability: str = "发酵线", **cells: str) -> list[str]:
    known = {"平台名称": platform, "能力名称": capability, **cells}
    return [known.get(heading, "") for heading in TEMPLATE]


def _csv(*rows: list[str], encoding: str = "utf-8-sig") -> bytes:
    return "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in [list(TEMPLATE), *rows]).encode(encoding)


def _run_all() -> None:
    while event := OutboxEvent.objects.filter(topic="import.submitted", state="pending").first():
        assert outbox.run(event.pk) is True


def _load(actor: Actor, content: bytes, file_name: str = "listings.jsonl") -> ImportJob:
    job = import_submit(actor=actor, file_name=file_name, content=content)
    _run_all()
    job.refresh_from_db()
    return job


def _outcome(job: ImportJob) -> tuple[str, int, int, list[tuple[int, str]]]:
    return job.state, job.done, job.total, [(error["row"], error["column"]) for error in job.errors]


WRONG_UNIT = {"parameters": [{"quantity": "volume", "min": 1, "max": 5, "unit": "kg"}]}


def test_submitting_stores_the_rows_and_owes_the_work(operator: Actor) -> None:
    job = import_submit(actor=operator, file_name="listings.jsonl", content=_lines(_record(1), _record(2)))

    assert (job.state, job.done, job.total, job.errors) == ("waiting", 0, 2, [])
    assert (job.organization, job.created_by, job.file_name) == (operator.organization, operator.user, "listings.jsonl")
    event = OutboxEvent.objects.get()
    assert (event.topic, event.handler, event.payload) == (
        "import.submitted",
        "platforms.services.imports.import_run",
        {"job_id": job.pk},
    )
    assert list(AuditEntry.objects.values_list("action", "actor_id", "object_id")) == [
        ("import.submitted", operator.user.pk, job.uuid)
    ]
    assert Platform.objects.count() == 0


def test_an_operators_listings_are_its_own_and_wait_for_review(operator: Actor) -> None:
    job = _load(operator, _lines(_record(1)))

    assert _outcome(job) == ("done", 1, 1, [])
    assert job.finished_at is not None
    assert job.rows == []
    platform = Platform.objects.get()
    assert (platform.external_id, platform.status, platform.organization, platform.zone) == (
        "p1",
        "submitted",
        operator.organization,
        operator.zone,
    )
    assert list(Capability.objects.values_list("name", "status")) == [("发酵线1", "submitted")]
    assert Fact.objects.filter(kind="process", value="发酵", source="declared").count() == 1


def test_a_zone_offices_listings_are_published(zone_admin: Actor) -> None:
    _load(zone_admin, _lines(_record(1)))

    platform = Platform.objects.get()
    assert (platform.status, platform.organization, platform.zone) == ("published", None, zone_admin.zone)
    assert list(Capability.objects.values_list("status", flat=True)) == ["published"]
    assert OutboxEvent.objects.filter(topic="import.submitted", state="done").count() == 1


def test_good_rows_go_in_and_bad_ones_are_reported_by_number(operator: Actor) -> None:
    content = _lines(_record(1), "{broken", _record(3, **WRONG_UNIT), "", '["a list"]', {"id": "p6"}, _record(7))
    job = _load(operator, content)

    assert _outcome(job) == (
        "done",
        6,
        6,
        [
            (2, "json"),
            (3, "capabilities.0.parameters.0.unit"),
            (5, "json"),
            (6, "name"),
            (6, "capabilities"),
        ],
    )
    assert set(Platform.objects.values_list("external_id", flat=True)) == {"p1", "p7"}


@pytest.mark.parametrize(
    "columns",
    [
        {"operator": 5},
        {"region": "1" * 61},
        {"source": "https://example.com"},
        {"source": {"url": 5}},
        {"certificates": [{"qualification": "GMP", "valid_until": "soon"}]},
        {"certificates": [{"valid_from": "2027-01-01", "valid_until": "2026-01-01"}]},
        {"chains": "生物制造"},
        {"id": "x" * 101},
        {"capabilities": [{"id": "a", "name": "x", "summary": ["y"]}]},
        {"capabilities": [{"id": "a", "name": "x", "equipment": ["罐"]}]},
        {"capabilities": [{"id": "a", "name": "x", "small_batch": "yes"}]},
        {"capabilities": [{"id": "a", "name": "x", "parameters": [{"quantity": "q" * 41, "unit": "L"}]}]},
        {"capabilities": [{"id": "a", "name": "x"}, {"id": "a", "name": "y"}]},
        {"capabilities": [{"id": "a", "name": "x", "trl": [9, 1]}]},
        {"capabilities": [{"id": "a", "name": "x", "price": "面议"}]},
        {"capabilities": [{"id": "a", "name": "x", "parameters": {"a": 1}}]},
        {"capabilities": [{"id": "a", "name": "x", "parameters": [{"quantity": "other", "min": 10**400}]}]},
        {"capabilities": [{"id": "a", "name": "x", "equipment": [{"name": 5}]}]},
        {"capabilities": ["x"]},
        {"certificates": "GMP"},
        {"note": float("nan")},
        {"note": "a\0b"},
        {"note": "a\ud800b"},
    ],
)
def test_what_could_not_be_stored_is_a_bad_row_and_no_crash(operator: Actor, columns: dict[str, Any]) -> None:
    content = "\n".join(json.dumps(record) for record in ({**_record(1), **columns}, _record(2))).encode()
    job = _load(operator, content)

    assert (job.state, {error["row"] for error in job.errors}) == ("done", {1})
    assert list(Platform.objects.values_list("external_id", flat=True)) == ["p2"]


def test_a_job_of_bad_rows_alone_has_failed(operator: Actor) -> None:
    job = _load(operator, _lines(_record(1, **WRONG_UNIT)))

    assert _outcome(job) == ("failed", 1, 1, [(1, "capabilities.0.parameters.0.unit")])


def test_the_same_file_again_changes_nothing(operator: Actor) -> None:
    first = _load(operator, _lines(_record(1), _record(2)))
    versions = dict(Capability.objects.values_list("external_id", "version"))
    second = _load(operator, _lines(_record(1), _record(2)))

    assert (_outcome(first), _outcome(second)) == (("done", 2, 2, []), ("done", 2, 2, []))
    assert dict(Capability.objects.values_list("external_id", "version")) == versions


def test_somebody_elses_platform_is_not_touched(operator: Actor, operator2: Actor, other_zone_admin: Actor) -> None:
    _load(operator, _lines(_record(1)))
    for actor in (operator2, other_zone_admin):
        job = _load(actor, _lines({**_record(1), "name": "抢注"}, _record(2 if actor is operator2 else 3)))
        assert (job.state, [error["row"] for error in job.errors]) == ("done", [1])

    platform = Platform.objects.get(external_id="p1")
    assert (platform.name, platform.organization, platform.zone) == ("平台1", operator.organization, operator.zone)


def test_a_new_capability_of_a_published_platform_waits_for_review(operator: Actor, zone_admin: Actor) -> None:
    _load(operator, _lines(_record(1)))
    Platform.objects.update(status="published")
    Capability.objects.update(status="published")
    more = _record(1)
    more["capabilities"].append({"id": "p1-2", "name": "干燥线"})
    _load(operator, _lines(more))

    assert dict(Capability.objects.values_list("external_id", "status")) == {"p1-1": "published", "p1-2": "submitted"}


def test_progress_is_seen_and_a_killed_worker_is_taken_over(operator: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker dies after the first rows: they stay, and the next one goes on behind them."""
    monkeypatch.setattr(imports, "UNITS_AT_ONCE", 2)
    job = import_submit(actor=operator, file_name="a.jsonl", content=_lines(*map(_record, range(5))))
    event = OutboxEvent.objects.get()
    load_some = imports._load_some
    calls: list[int] = []

    def killed(locked: ImportJob, units: list[Any]) -> bool:
        calls.append(locked.done)
        if len(calls) == 2:
            raise MemoryError
        return load_some(locked, units)

    monkeypatch.setattr(imports, "_load_some", killed)
    assert outbox.run(event.pk) is False
    job.refresh_from_db()
    assert (job.state, job.done, Platform.objects.count()) == ("running", 2, 2)

    monkeypatch.setattr(imports, "_load_some", load_some)
    OutboxEvent.objects.update(available_at=event.created_at)
    _run_all()
    job.refresh_from_db()
    assert _outcome(job) == ("done", 5, 5, [])
    assert (Platform.objects.count(), AuditEntry.objects.filter(to_status="submitted").count()) == (5, 10)


def test_a_long_job_is_handed_on(operator: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "UNITS_AT_ONCE", 2)
    monkeypatch.setattr(imports, "SECONDS_AT_ONCE", 0.0)
    job = import_submit(actor=operator, file_name="a.jsonl", content=_lines(*map(_record, range(3))))
    outbox.run(OutboxEvent.objects.get().pk)

    assert list(OutboxEvent.objects.order_by("pk").values_list("state", "key")) == [
        ("done", f"import:{job.uuid}:0"),
        ("pending", f"import:{job.uuid}:2"),
    ]
    _run_all()
    job.refresh_from_db()
    assert _outcome(job) == ("done", 3, 3, [])


def test_run_twice_it_loads_once(operator: Actor) -> None:
    job = import_submit(actor=operator, file_name="a.jsonl", content=_lines(_record(1), "{broken"))
    event = OutboxEvent.objects.get()
    _run_all()
    OutboxEvent.objects.filter(pk=event.pk).update(state="pending", done_at=None)
    _run_all()

    job.refresh_from_db()
    assert _outcome(job) == ("done", 2, 2, [(2, "json")])


def test_who_lost_the_right_meanwhile_loads_nothing(operator: Actor) -> None:
    job = import_submit(actor=operator, file_name="a.jsonl", content=_lines(_record(1)))
    User.objects.filter(pk=operator.user.pk).update(is_active=False)
    _run_all()

    job.refresh_from_db()
    assert (job.state, len(job.errors), Platform.objects.count()) == ("failed", 1, 0)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030", "utf-16"])
def test_a_sheet_is_read_with_its_headings(operator: Actor, encoding: str) -> None:
    row = _row(
        运营单位="某研究院",
        地区="510100",
        产业链="生物制造",
        能力说明="承接放大",
        环节="中试、小试",
        工艺="发酵；离心",
        参数="500L发酵罐",
        资质="GMP",
        价格="7.5 万元/周",
    )
    job = _load(operator, _csv(row, encoding=encoding), "列表.csv")

    assert _outcome(job) == ("done", 1, 1, [])
    platform, capability = Platform.objects.get(), Capability.objects.get()
    assert (platform.name, platform.operator_name, platform.region, platform.chains, platform.country) == (
        "中试平台甲",
        "某研究院",
        "510100",
        ["生物制造"],
        "CN",
    )
    assert (capability.name, capability.price) == ("发酵线", {"amount": 7.5, "unit": "万元/周"})
    declared = Fact.objects.filter(source="declared")
    assert {(fact.kind, fact.value or fact.quantity) for fact in declared} == {
        ("stage", "PILOT"),
        ("stage", "LAB"),
        ("process", "发酵"),
        ("process", "离心"),
        ("qualification", "GMP"),
        ("parameter", "volume"),
    }
    volume = declared.get(kind="parameter")
    assert (volume.low, volume.high, volume.unit) == (500.0, 500.0, "L")


def test_english_headings_do_too(operator: Actor) -> None:
    content = b"Platform name;Capability name;Process\nPilot A;Drying;spray drying\n"
    _load(operator, content, "list.csv")

    assert list(Capability.objects.values_list("platform__name", "name")) == [("Pilot A", "Drying")]


def test_a_cell_too_long_is_reported_under_its_heading(operator: Actor) -> None:
    job = _load(operator, _csv(_row(), _row("乙", 城市="长" * 121)), "a.csv")

    assert _outcome(job) == ("done", 2, 2, [(3, "城市")])


def test_rows_of_one_platform_belong_together_and_bad_ones_are_left_out(operator: Actor) -> None:
    rows = [
        _row(capability="发酵线"),
        _row(capability=""),
        _row("", "干燥线"),
        _row(capability="发酵线"),
        _row(capability="x" * 10, 能力说明="好"),
        _row("中试平台乙", "冻干线"),
    ]
    job = _load(operator, workbook(sheet_of([list(TEMPLATE), *rows])), "列表.xlsx")

    assert _outcome(job) == ("done", 6, 6, [(3, "能力名称"), (4, "平台名称"), (5, "能力名称")])
    assert set(Capability.objects.values_list("platform__name", "name")) == {
        ("中试平台甲", "发酵线"),
        ("中试平台甲", "x" * 10),
        ("中试平台乙", "冻干线"),
    }


def test_a_sheet_adds_and_takes_nothing_away(operator: Actor) -> None:
    _load(operator, _csv(_row(capability="发酵线")), "a.csv")
    _load(operator, _csv(_row(capability="干燥线")), "b.csv")

    assert set(Capability.objects.values_list("name", "status")) == {("发酵线", "submitted"), ("干燥线", "submitted")}
    assert Platform.objects.count() == 1


def test_equal_names_of_two_operators_are_two_platforms(operator: Actor, operator2: Actor) -> None:
    for actor in (operator, operator2):
        assert _load(actor, _csv(_row()), "a.csv").errors == []

    assert Platform.objects.count() == 2


def test_compressed_lines_are_read(operator: Actor) -> None:
    assert _outcome(_load(operator, gzip.compress(_lines(_record(1))), "a.jsonl.gz")) == ("done", 1, 1, [])


@pytest.mark.parametrize(
    ("file_name", "content", "words"),
    [
        ("a.jsonl", b"", "empty"),
        ("a.jsonl", b" \n \n", "empty"),
        ("a.jsonl", b"this is\nnot JSON Lines\n", "not JSON Lines"),
        ("a.jsonl", json.dumps([_record(1)]).encode(), "not JSON Lines"),
        ("a.jsonl", json.dumps(_record(1), indent=1).encode(), "not JSON Lines"),
        ("a.jsonl", b"\xff\xff\xff\xff", "neither"),
        ("a.txt", b"\x00\x01\x02\x03", "neither"),
        ("a.xlsx", b"id,name\n1,2\n", "not what its name says"),
        ("a.csv", workbook(sheet_of([["x"]])), "not what its name says"),
        ("a.jsonl", gzip.compress(b"{}", mtime=0), "not what its name says"),
        ("a.gz", b"\x1f\x8b" + b"\0" * 30, "damaged"),
        ("a.gz", gzip.compress(b"{}" * 1000, mtime=0)[:-20], "damaged"),
        ("a.gz", gzip.compress(b" " * 50_000_001, mtime=0), "too large"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, ".xlsx"),
        ("a.xlsx", b"PK\x03\x04" + b"\0" * 100, "damaged"),
        ("a.xlsx", workbook(sheet_of([["x"]]))[:200], "damaged"),
        ("a.csv", b"name,price\n1,2\n", "平台名称"),
        ("a.csv", _csv(), "nothing below"),
        ("a.csv", b'"' + b"x" * 200_000 + b'"\n', "not CSV"),
        ("a.csv", _csv(*[_row()] * 5_001), "5000"),
        ("a.jsonl", b"{}\n" * 5_001, "5000"),
        ("a.json", b'{"id": 1e', "not JSON Lines"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_as_a_whole(
    operator: Actor, file_name: str, content: bytes, words: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        import_submit(actor=operator, file_name=file_name, content=content)

    assert refused.value.errors is not None
    assert list(refused.value.errors) == ["file"]
    assert words in str(refused.value.detail)
    assert (ImportJob.objects.count(), OutboxEvent.objects.count()) == (0, 0)


def test_a_file_over_the_limit_is_refused(operator: Actor, settings: Any) -> None:
    settings.IMPORT_MAX_BYTES = 100
    with pytest.raises(TooLarge):
        import_submit(actor=operator, file_name="a.jsonl", content=b"x" * 101)


def test_enterprises_import_nothing(enterprise: Actor) -> None:
    with pytest.raises(NotAllowed):
        import_submit(actor=enterprise, file_name="a.jsonl", content=_lines(_record(1)))
