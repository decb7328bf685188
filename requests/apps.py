"""App `requests`, and the guard for its name."""

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "requests"

    def ready(self) -> None:
        """Tell DRF that the HTTP library `requests` is not here.

        ``rest_framework.compat`` tries ``import requests``, finds this app, and ``rest_framework.test`` (which
        drf-spectacular imports at run time) then asks it for urllib3. Server and tests both pass here.
        """
        import rest_framework.compat  # noqa: PLC0415 - app ready

        rest_framework.compat.requests = None  # type: ignore[assignment]
