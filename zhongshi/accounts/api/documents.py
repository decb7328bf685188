"""Parts of the OpenAPI document that many operations share."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter


def pages_of() -> list[OpenApiParameter]:
    """Describe the parameters of a list."""
    return [
        OpenApiParameter("page", OpenApiTypes.INT, description="From 1."),
        OpenApiParameter("page_size", OpenApiTypes.INT, description="At most 100; 20 if not given."),
    ]
