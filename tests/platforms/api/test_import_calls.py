"""POST /api/v1/imports/ and GET /api/v1/imports/{id}/"""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from platforms.models import ImportJob, Platform
from tests.conftest import ApiOf
from tests.factories import ImportJobFactory
from tests.platforms.importing.workbook import sheet_of, workbook
from zhongshi.accounts.actors import Actor
from zhongshi.core import outbox
from zhongshi.core.models import OutboxEvent

URL = "/api/v1/imports/"
RECORD = {"id": "p1", "name": "平台一", "capabilities": [{"id": "p1-1", "name": "发酵线"}]}
WRONG = {**RECORD, "id": "p2", "capabilities": [{"id": "p2-1", "name": "x", "parameters": [{"quantity": "volume"}]}]}
LINES = "\n".join(json.dumps(record) for record in (RECORD, WRONG)).encode()


def _file(content: bytes = LINES, name: str = "listings.jsonl") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, content)}


def test_accepts_and_reports_progress_and_bad_rows(api: ApiOf, operator: Actor) -> None:
    client = api(operator)
    accepted = client.post(URL, _file(), format="multipart")

    job = ImportJob.objects.get()
    assert accepted.status_code == 202
    assert accepted.json() == {"id": str(job.uuid), "state": "waiting"}
    assert client.get(f"{URL}{job.uuid}/").json()["done"] == 0

    outbox.run(OutboxEvent.objects.get().pk)
    body = client.get(f"{URL}{job.uuid}/", headers={"Accept-Language": "en"}).json()
    assert body.pop("created_at")
    assert body.pop("finished_at")
    [error] = body.pop("errors")
    assert body == {"id": str(job.uuid), "state": "done", "file_name": "listings.jsonl", "done": 2, "total": 2}
    assert (error["row"], error["column"]) == (2, "capabilities.0.parameters.0.unit")
    assert Platform.objects.get().organization == operator.organization


def test_takes_a_workbook(api: ApiOf, zone_admin: Actor) -> None:
    content = workbook(sheet_of([["平台名称", "能力名称"], ["平台甲", "发酵线"]]))
    answer = api(zone_admin).post(URL, _file(content, "列表.xlsx"), format="multipart")
    outbox.run(OutboxEvent.objects.get().pk)

    assert answer.status_code == 202
    assert Platform.objects.get().status == "published"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"file": "text"},
        _file(b""),
        _file(b"hello\nworld"),
        _file(b"\0\1\2", "a.bin"),
        {"upload": SimpleUploadedFile("a.jsonl", LINES)},
    ],
)
def test_bad_input_names_the_file(api: ApiOf, operator: Actor, body: dict[str, Any]) -> None:
    answer = api(operator).post(URL, body, format="multipart")

    assert (answer.status_code, answer.json()["code"], list(answer.json()["errors"])) == (400, "invalid", ["file"])
    assert (ImportJob.objects.count(), OutboxEvent.objects.count()) == (0, 0)


@pytest.mark.parametrize("most", [50, 100_000])
def test_a_file_over_the_limit_is_413(api: ApiOf, operator: Actor, settings: Any, most: int) -> None:
    settings.IMPORT_MAX_BYTES = most
    answer = api(operator).post(URL, _file(b"x" * (most + 20_000)), format="multipart")

    assert (answer.status_code, answer.json()["code"], list(answer.json()["errors"])) == (413, "too_large", ["file"])
    assert ImportJob.objects.count() == 0


def test_json_is_415(api: ApiOf, operator: Actor) -> None:
    assert api(operator).post(URL, {"file": "x"}, format="json").status_code == 415


@pytest.mark.parametrize("raw", [b"", b"--x\r\nnonsense", b"--x--"])
def test_a_broken_form_is_400(api: ApiOf, operator: Actor, raw: bytes) -> None:
    answer = api(operator).generic("POST", URL, raw, content_type="multipart/form-data; boundary=x")

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_who_may_not_import(api: ApiOf, enterprise: Actor) -> None:
    assert [api(actor).post(URL, _file(), format="multipart").status_code for actor in (None, enterprise)] == [401, 403]
    assert ImportJob.objects.count() == 0


def test_somebody_elses_import_is_404(
    api: ApiOf, operator: Actor, operator2: Actor, enterprise: Actor, zone_admin: Actor
) -> None:
    job = ImportJobFactory.create(organization=operator.organization, created_by=operator.user)
    url = f"{URL}{job.uuid}/"

    actors = (None, operator2, enterprise, zone_admin, operator)
    assert [api(actor).get(url).status_code for actor in actors] == [401, 404, 404, 404, 200]
    assert api(operator).get(f"{URL}{uuid4()}/").status_code == 404
