"""The import's pages, step by step, as a browser without JavaScript walks through them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook

from platforms.importing.columns import TEMPLATE
from platforms.models import Capability, ImportFile, ImportJob, ImportMapping, Platform
from platforms.services.import_drafts import import_submit
from tests.factories import ImportJobFactory
from tests.platforms.importing.sample import HEADINGS, book, row
from tests.platforms.services.test_import_whole import run_all
from zhongshi.accounts.actors import Actor
from zhongshi.core.models import AuditEntry, OutboxEvent

pytestmark = pytest.mark.usefixtures("english")
DESK, PARK = "/desk/services/import/", "/park/imports/"
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def desk(client: Client, operator: Actor) -> Client:
    client.force_login(operator.user)
    client.cookies["language"] = "en"
    return client


def _upload(client: Client, content: bytes, name: str = "list.xlsx", base: str = DESK) -> Any:
    return client.post(base, {"file": SimpleUploadedFile(name, content)})


def _draft(client: Client, rows: list[list[object]], headings: list[str] = HEADINGS) -> ImportJob:
    assert _upload(client, book(rows, headings)).status_code == 302
    return ImportJob.objects.get()


def _columns(job: ImportJob, fields: list[str]) -> dict[str, str]:
    return {f"column-{index}": field for index, field in enumerate(fields)}


FIELDS = ["platform", "operator", "region", "chains", "capability", "summary", "processes", "quantity", "low", "high"]
FIELDS += ["unit", "free_from", "free_until"]


def test_the_first_page_has_the_template_the_limits_and_the_runs(desk: Client, operator: Actor) -> None:
    ImportJobFactory.create(organization=operator.organization, created_by=operator.user, file_name="mine.xlsx")
    ImportJobFactory.create(file_name="theirs.xlsx")
    page = desk.get(DESK).content.decode()

    assert f'href="{DESK}template.xlsx"' in page
    assert "At most 5000 rows" in page
    assert "mine.xlsx" in page
    assert "theirs.xlsx" not in page


def test_the_list_of_runs_takes_as_many_queries_for_thirty(
    desk: Client, operator: Actor, django_assert_num_queries: Any
) -> None:
    ImportJobFactory.create(organization=operator.organization, created_by=operator.user)
    desk.get(DESK)
    counts = []
    for more in (0, 29):
        ImportJobFactory.create_batch(more, organization=operator.organization, created_by=operator.user)
        with django_assert_num_queries(7):
            counts.append(desk.get(DESK).context["page"].paginator.count)
    assert counts == [1, 30]


def test_the_template_has_all_headings_and_comes_back_without_its_example(desk: Client, operator: Actor) -> None:
    content = b"".join(desk.get(f"{DESK}template.xlsx"))
    workbook = CalamineWorkbook.from_filelike(BytesIO(content))

    assert workbook.sheet_names == ["服务能力", "说明", "可选词"]
    headings, example = workbook.get_sheet_by_index(0).to_python()
    assert tuple(str(heading).rstrip("*") for heading in headings) == TEMPLATE
    assert str(example[0]).startswith("示例：")
    answer = _upload(desk, content)
    job = ImportJob.objects.get()
    desk.post(f"{answer.url}columns/", _columns(job, list(map(str, _suggested(desk, job)))))
    job.refresh_from_db()
    assert (job.rows, job.columns) == ([], [])


def _suggested(client: Client, job: ImportJob) -> list[str]:
    page = client.get(f"{DESK}{job.uuid}/columns/")
    return [column["field"] for column in page.context["columns"]]


def test_from_file_to_report(desk: Client, operator: Actor) -> None:
    job = _draft(desk, [row(0), row(1), [*row(2)[:8], "３００", *row(2)[9:]]])
    base = f"{DESK}{job.uuid}/"
    assert desk.get(base).url == f"{base}columns/"
    assert _suggested(desk, job) == FIELDS

    assert desk.post(f"{base}columns/", _columns(job, FIELDS)).url == f"{base}check/"
    page = desk.get(f"{base}check/")
    assert (page.context["good"], page.context["bad"]) == (2, 1)
    [group] = page.context["groups"]
    assert (group.cause, group.column, group.rows, group.values, group.fix) == (
        "number",
        "下限",
        [4],
        ["３００"],
        "numbers",
    )

    assert desk.post(f"{base}check/", {"fix": "numbers", "on": "1"}).url == f"{base}check/"
    assert desk.get(f"{base}check/").context["bad"] == 0
    page = desk.get(f"{base}preview/")
    assert (dict(page.context["counts"]), page.context["preview"].new_platforms) == (
        {"created": 3, "failed": 0, "skipped": 0},
        2,
    )
    assert Platform.objects.count() == 0

    assert desk.post(f"{base}preview/").url == base
    assert desk.get(base).context["share"] == 0
    run_all("import.submitted")
    report = desk.get(base)
    assert "All rows went in." in report.content.decode()
    assert report.context["job"].counts == {"created": 3}
    assert Capability.objects.filter(status="submitted").count() == 3
    assert not ImportFile.objects.exists()


def test_a_fix_is_taken_back(desk: Client) -> None:
    job = _draft(desk, [[*row(0)[:8], "1,000", 2000, *row(0)[10:]]])
    base = f"{DESK}{job.uuid}/"
    desk.post(f"{base}columns/", _columns(job, FIELDS))
    part = desk.post(f"{base}check/", {"fix": "numbers", "on": "1"}, headers=HTMX)
    assert part.context["bad"] == 0
    assert "<html" not in part.content.decode()

    assert desk.post(f"{base}check/", {"fix": "numbers"}, headers=HTMX).context["bad"] == 1
    assert desk.post(f"{base}check/", {"fix": "anything"}, headers=HTMX).status_code == 400


def test_refused_columns_keep_what_was_chosen(desk: Client) -> None:
    job = _draft(desk, [row(0)])
    base = f"{DESK}{job.uuid}/columns/"
    chosen = ["platform", "operator", "", "-", "", *FIELDS[5:]]
    refused = desk.post(base, _columns(job, chosen))

    assert refused.status_code == 400
    assert [column["field"] for column in refused.context["columns"]] == chosen
    assert "能力名称" in refused.content.decode()
    twice = desk.post(base, _columns(job, [*FIELDS[:5], "platform", *FIELDS[6:]]))
    assert (twice.status_code, "meant as the same" in twice.content.decode()) == (400, True)
    job.refresh_from_db()
    assert (job.columns, job.rows) == ([], [])
    assert not ImportMapping.objects.exists()


def test_what_columns_mean_is_remembered_for_the_organization_alone(desk: Client, zone_admin: Actor) -> None:
    headings = ["名头", *HEADINGS[1:4], "干什么", *HEADINGS[5:]]
    first = _draft(desk, [row(0)], headings)
    assert _suggested(desk, first)[0] != "platform"
    desk.post(f"{DESK}{first.uuid}/columns/", _columns(first, FIELDS))
    _upload(desk, book([row(5)], headings))
    again = ImportJob.objects.latest("pk")
    assert _suggested(desk, again) == FIELDS

    other = Client()
    other.force_login(zone_admin.user)
    _upload(other, book([row(5)], headings), base=PARK)
    theirs = ImportJob.objects.latest("pk")
    page = other.get(f"{PARK}{theirs.uuid}/columns/")
    assert [column["field"] for column in page.context["columns"]] != FIELDS


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.xlsx", "empty"),
        (b"<html>", "a.xlsx", "not what its name says"),
        (b"\x00\x01\x02\x03", "a.bin", "neither"),
        (b"PK\x03\x04" + b"\0" * 50, "a.xlsx", "damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\xff" * 20, "a.png", "neither"),
    ],
)
def test_a_file_that_is_none_is_refused_on_the_page(desk: Client, content: bytes, name: str, words: str) -> None:
    page = _upload(desk, content, name)

    assert page.status_code == 400
    assert words in page.content.decode()
    assert 'aria-invalid="true"' in page.content.decode()
    assert not ImportJob.objects.exists()


def test_no_file_and_a_large_one_are_refused(desk: Client, settings: Any) -> None:
    assert (desk.post(DESK).status_code, "Choose a file." in desk.post(DESK).content.decode()) == (400, True)
    settings.IMPORT_MAX_BYTES = 10
    assert _upload(desk, b"x" * 11).status_code == 413
    assert not ImportJob.objects.exists()


def test_a_double_click_starts_one_run(desk: Client) -> None:
    job = _draft(desk, [row(0)])
    base = f"{DESK}{job.uuid}/"
    desk.post(f"{base}columns/", _columns(job, FIELDS))
    assert [desk.post(f"{base}preview/").url for _click in range(2)] == [base, base]

    assert OutboxEvent.objects.filter(topic="import.submitted").count() == 1
    assert AuditEntry.objects.filter(action="import.submitted").count() == 1


def test_progress_comes_as_a_part_that_asks_again_until_it_is_over(desk: Client) -> None:
    job = _draft(desk, [row(0), row(1)])
    base = f"{DESK}{job.uuid}/"
    desk.post(f"{base}columns/", _columns(job, FIELDS))
    desk.post(f"{base}preview/")
    ImportJob.objects.update(state="running", done=1)

    part = desk.get(base, headers=HTMX).content.decode()
    assert 'hx-trigger="every 2s"' in part
    assert 'value="50"' in part
    assert "1 of 2 rows" in part
    assert "<html" not in part

    ImportJob.objects.update(state="waiting", done=0)
    run_all("import.submitted")
    over = desk.get(base, headers=HTMX).content.decode()
    assert "hx-trigger" not in over
    assert 'id="import-run"' in over


def test_failed_rows_come_back_as_a_sheet_that_can_be_mended(desk: Client, operator: Actor) -> None:
    bad = [*row(1)[:8], "三百", *row(1)[9:]]
    job = import_submit(
        actor=operator, file_name="列表.xlsx", content=book([row(0), bad, [*row(2)[:4], "=1+1", *row(2)[5:]]])
    )
    run_all("import.submitted")
    answer = desk.get(f"{DESK}{job.uuid}/failed.xlsx")
    sheet = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer))).get_sheet_by_index(0)  # type: ignore[arg-type]
    headings, failed = sheet.to_python()

    assert headings == [*HEADINGS, "原文件行号", "失败原因"]
    assert failed[8] == "三百"
    assert failed[-2] == "3"
    assert "下限" in str(failed[-1])
    # Mended and uploaded again, it goes in, and what is said of the failure does not.
    failed[8] = "300"
    import_submit(actor=operator, file_name="again.xlsx", content=book([failed], headings))  # type: ignore[list-item,arg-type]
    run_all("import.submitted")
    assert Capability.objects.get(name="发酵中试线1").extra == {}
    assert Capability.objects.filter(name="=1+1").count() == 1


def test_somebody_elses_import_is_404_and_the_other_workspace_403(desk: Client, operator2: Actor) -> None:
    job = ImportJobFactory.create(organization=operator2.organization, created_by=operator2.user, state="draft")
    steps = ("", "columns/", "check/", "preview/", "failed.xlsx")
    assert [desk.get(f"{DESK}{job.uuid}/{step}").status_code for step in steps] == [404] * 5
    assert [desk.post(f"{DESK}{job.uuid}/{step}").status_code for step in ("undo/", "discard/")] == [404] * 2
    assert desk.get(PARK).status_code == 403
    assert ImportJob.objects.count() == 1


def test_a_file_is_thrown_away_and_a_run_is_not(desk: Client) -> None:
    job = _draft(desk, [row(0)])
    assert desk.post(f"{DESK}{job.uuid}/discard/").url == DESK
    assert not ImportJob.objects.exists()

    job = _draft(desk, [row(0)])
    desk.post(f"{DESK}{job.uuid}/columns/", _columns(job, FIELDS))
    desk.post(f"{DESK}{job.uuid}/preview/")
    assert desk.post(f"{DESK}{job.uuid}/discard/").url == f"{DESK}{job.uuid}/"
    assert ImportJob.objects.get().state == "waiting"


def test_undo_from_the_report(desk: Client, operator: Actor) -> None:
    job = import_submit(actor=operator, file_name="a.xlsx", content=book([row(0)]))
    run_all("import.submitted")
    base = f"{DESK}{job.uuid}/"
    assert "Undo the import" in desk.get(base).content.decode()
    assert [desk.post(f"{base}undo/").url for _click in range(2)] == [base, base]
    assert 'hx-trigger="every 2s"' in desk.get(base).content.decode()
    run_all("import.undo")

    page = desk.get(base)
    assert [change.fate for change in page.context["fates"]["removed"]] == ["removed"]
    assert "Undo the import" not in page.content.decode()
    assert Platform.objects.count() == 0
    assert AuditEntry.objects.filter(action="import.undone").count() == 1
