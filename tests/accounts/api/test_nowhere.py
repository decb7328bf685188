"""Addresses below /api/ that lead nowhere, or lack their last slash."""

from __future__ import annotations

import pytest

from tests.conftest import ApiOf
from zhongshi.accounts.actors import Actor


@pytest.mark.parametrize("method", ["get", "post", "patch", "put", "delete"])
@pytest.mark.parametrize("path", ["/api/", "/api/v1/", "/api/v1/nothing/", "/api/v1/nothing", "/api/v2/needs/"])
def test_is_404_in_the_common_shape(api: ApiOf, db: None, path: str, method: str) -> None:
    answer = getattr(api(None), method)(path)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_missing_last_slash_is_mended_with_the_body(api: ApiOf, enterprise: Actor) -> None:
    answer = api(enterprise).post("/api/v1/needs?x=1", {}, format="json")

    assert (answer.status_code, answer.headers["Location"]) == (308, "/api/v1/needs/?x=1")


def test_the_document_and_its_pages_are_open(api: ApiOf, db: None) -> None:
    schema, docs = api(None).get("/api/schema/"), api(None).get("/api/docs/")

    assert (schema.status_code, docs.status_code) == (200, 200)
    assert b"/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js" in docs.content
    assert b"https://cdn" not in docs.content
