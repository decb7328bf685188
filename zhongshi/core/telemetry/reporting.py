"""Errors reported to a Sentry server, where the installation names one (SENTRY_DSN) and has the extra installed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from .context import known
from .logs import scrubbed

Event = dict[str, Any]
# What a report may not carry, whatever the library collects.
_LEFT_OUT = ("request", "user", "breadcrumbs", "server_name", "modules")


def start(dsn: str) -> None:
    """Begin to report; refuses when the library is missing. Nothing is sent before something fails."""
    try:
        sentry_sdk: Any = import_module("sentry_sdk")
    except ImportError as error:
        raise ImproperlyConfigured("SENTRY_DSN is set, but sentry-sdk is not installed (extra `sentry`).") from error
    sentry_sdk.init(
        dsn=dsn,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        traces_sample_rate=0.0,
        auto_session_tracking=False,
        before_send=cleaned,
    )


def cleaned(event: Event, _hint: Event) -> Event:
    """Return the report without request, person and local values, its texts scrubbed, with the work in hand."""
    kept = {name: value for name, value in event.items() if name not in _LEFT_OUT}
    for one in (kept.get("exception") or {}).get("values") or []:
        one["value"] = scrubbed(str(one.get("value") or ""))
    for part in ("message", "formatted"):
        if (entry := kept.get("logentry")) and entry.get(part):
            entry[part] = scrubbed(str(entry[part]))
    (kept.get("logentry") or {}).pop("params", None)
    kept["tags"] = {name: str(value) for name, value in known().items() if value is not None}
    kept.pop("extra", None)
    return kept
