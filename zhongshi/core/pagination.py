"""Pages of a list: ``?page=&page_size=`` (at most 100), answered as ``{"count", "results"}``."""

from typing import Any

from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response


class CountedPages(PageNumberPagination):
    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100

    def get_paginated_response(self, data: Any) -> Response:
        """Answer one page with the count of all."""
        assert self.page is not None  # noqa: S101 - set by paginate_queryset, which DRF calls first
        return Response({"count": self.page.paginator.count, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe the page for the OpenAPI document."""
        return {
            "type": "object",
            "required": ["count", "results"],
            "properties": {"count": {"type": "integer"}, "results": schema},
        }
