"""Parts of the OpenAPI document that many operations share."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers


def pages_of() -> list[OpenApiParameter]:
    """Describe the parameters of a list."""
    return [
        OpenApiParameter("page", OpenApiTypes.INT, description="From 1."),
        OpenApiParameter("page_size", OpenApiTypes.INT, description="At most 100; 20 if not given."),
    ]


def page(name: str, row: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """Describe the answer of a list under the component name `name`."""
    return inline_serializer(
        name, {"count": serializers.IntegerField(help_text="Of all pages."), "results": row(many=True)}
    )
