"""What many operations answer alike, said in the OpenAPI document at one place."""

from __future__ import annotations

from typing import Any

_REFUSAL = {
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorBody"}}},
    "description": "",
}
_METHODS = {"get", "post", "put", "patch", "delete"}


def add_shared_answers(result: dict[str, Any], **_given: Any) -> dict[str, Any]:
    """Add to each operation the refusals it has because of what it is; those it names itself stay.

    A list answers 404 beyond its last page; whatever has filters 400; a room of members 403 to an account without
    organization; whatever takes a body 413 and 415.
    """
    for operations in result.get("paths", {}).values():
        for method, operation in operations.items():
            if method in _METHODS:
                answers = operation["responses"]
                for status in _shared(operation):
                    answers.setdefault(status, _REFUSAL)
                operation["responses"] = dict(sorted(answers.items()))
    return result


def _shared(operation: dict[str, Any]) -> list[str]:
    asked = {one["name"] for one in operation.get("parameters", []) if one["in"] == "query"}
    statuses = ["404"] if "page" in asked else []
    if asked - {"page", "page_size"}:
        statuses.append("400")
    if operation.get("security") and {} not in operation["security"]:
        statuses.append("403")
    if "requestBody" in operation:
        statuses += ["413", "415"]
    return statuses
