"""No page without eyes on it: every route a browser opens stands in the inventory, or here with the reason why not."""

from __future__ import annotations

import re
from uuid import UUID

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from .inventory import IDS, PAGES

# Not pages: answers for programs, files to keep, parts of a page, and what only takes a form.
OTHERS = {
    "healthz": "for programs",
    "readyz": "for programs",
    "metrics": "for programs",
    "accounts/workspace/": "leads on",
    "prefs/": "takes a form",
    "accounts/sign-out/": "takes a form",
    "accounts/sign-in/code/": "comes after a password, for accounts with one-time codes",
    "accounts/two-step/recovery/": "for accounts with one-time codes",
    "accounts/two-step/disable/": "for accounts with one-time codes",
    ".well-known/security.txt": "for programs",
    "robots.txt": "for programs",
    "accounts/data/consents/<uuid:public_id>/withdraw/": "takes a form",
    "accounts/token/revoke/": "takes a form",
    "accounts/profile/email/": "takes a form",
    "accounts/members/invite/": "takes a form",
    "accounts/members/leave/": "takes a form",
    "accounts/members/invitations/<uuid:public_id>/revoke/": "takes a form",
    "accounts/members/<uuid:public_id>/manager/": "takes a form",
    "accounts/members/<uuid:public_id>/remove/": "takes a form",
    "accounts/sessions/end-others/": "takes a form",
    "accounts/sessions/<uuid:public_id>/end/": "takes a form",
    "notifications/<uuid:uuid>/read/": "takes a form",
    "notifications/read/": "takes a form",
    "notifications/panel/": "a part of every page, below the bell",
    "notifications/robots/<uuid:public_id>/test/": "takes a form",
    "notifications/robots/<uuid:public_id>/switch/": "takes a form",
    "notifications/robots/<uuid:public_id>/remove/": "takes a form",
    "compare/toggle/": "takes a form",
    "desk/capacity/<str:token>.ics": "for calendar programs",
    "desk/platforms/<uuid:uuid>/<str:move>/": "takes a form",
    "desk/services/<uuid:uuid>/<str:move>/": "takes a form",
    "desk/services/import/<uuid:uuid>/check/": "tests/platforms/pages opens it, and the import's own journey",
    "desk/services/import/<uuid:uuid>/preview/": "tests/platforms/pages opens it, and the import's own journey",
    "desk/services/import/<uuid:uuid>/discard/": "takes a form",
    "desk/services/import/<uuid:uuid>/undo/": "takes a form",
    "desk/services/import/<uuid:uuid>/failed.xlsx": "a file",
    "desk/services/import/template.xlsx": "a file",
    "desk/stats.xlsx": "a file",
    "park/imports/<uuid:uuid>/": "the operator's page at another address",
    "park/imports/<uuid:uuid>/check/": "the operator's page at another address",
    "park/imports/<uuid:uuid>/columns/": "the operator's page at another address",
    "park/imports/<uuid:uuid>/preview/": "the operator's page at another address",
    "park/imports/<uuid:uuid>/discard/": "takes a form",
    "park/imports/<uuid:uuid>/undo/": "takes a form",
    "park/imports/<uuid:uuid>/failed.xlsx": "a file",
    "park/imports/template.xlsx": "a file",
    "needs/<str:number>/again/": "takes a form",
    "needs/<str:number>/agreements/<uuid:agreement_id>/": "takes a form",
    "needs/<str:number>/reason/": "takes a form",
    "needs/<str:number>/terms/": "takes a form",
    "operations/dead/<int:event_id>/": "the demo has no dead letter; tests/core/pages opens one",
    "needs/<str:number>/help/": "takes a form",
    "needs/<str:number>/relax/": "takes a form",
    "needs/<str:number>/restore/": "takes a form",
    "needs/<str:number>/matches/<uuid:match_id>/inquire/": "takes a form",
    "needs/<str:number>/report.pdf": "a file",
    "needs/<str:number>/report.xlsx": "a file",
    "needs/<str:number>/submit/": "takes a form",
    "needs/<str:number>/questions/<uuid:question_id>/": "takes a form",
    "park/needs/<str:number>/return/": "takes a form",
    "park/needs/<str:number>/open/": "takes a form",
    "desk/leads/<uuid:match_id>/<str:action>/": "takes a form",
    "park/rules/<str:name>/": "the demo has saved no rules",
    "park/words/<uuid:word_id>/": "the demo has no unknown word yet",
}
_PROGRAMS = ("api/", "^api/", "admin/")


def _routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> list[str]:
    found = []
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        found += _routes(pattern.url_patterns, route) if isinstance(pattern, URLResolver) else [route]
    return found


def _route_of(path: str) -> str | None:
    """The route that answers `path`, whatever the ids in it."""
    address = re.sub(r"\{\w+\}", str(UUID(int=0)), path).partition("?")[0]
    try:
        return resolve(address).route
    except Resolver404:
        return None


def test_every_page_is_in_the_inventory() -> None:
    routes = [route for route in _routes(get_resolver().url_patterns) if not route.startswith(_PROGRAMS)]
    seen = {_route_of(page.path) for page in PAGES} - {None}

    assert sorted(set(routes) - seen - set(OTHERS)) == []
    assert sorted(set(OTHERS) & seen) == []
    assert sorted(set(OTHERS) - set(routes)) == []


def test_names_and_ids_are_used_once_and_known() -> None:
    names = [page.name for page in PAGES]
    assert sorted(names) == sorted(set(names))
    assert {found for page in PAGES for found in re.findall(r"\{(\w+)\}", page.path)} == set(IDS)
