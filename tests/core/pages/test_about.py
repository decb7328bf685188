"""Pages about the service itself, the page of all parts, and the number of each request."""

import logging
import re

import pytest
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import override_settings

from zhongshi.accounts.actors import Actor
from zhongshi.core.failures import server_error
from zhongshi.core.frame_views import icon_names
from zhongshi.core.middleware import RequestIdMiddleware

PARTS = """
    button-primary button-main button-quiet button-danger button-small field-invalid choice-count
    choice-zero range files progress search-box badge-ok badge-warn badge-bad badge-unknown badge-info
    pill-active pill-waiting pill-done pill-ended pill-bad chip-hard chip-soft chip-filter tag-line
    notice-info notice-ok notice-warn notice-ask notice-bad notice-gap empty relax kpis kpi-note h0 h1 h2 h3
    h4 h5 heat-legend funnel pairs ledger score bar-warn step-done step-current step-open slot-free
    slot-booked slot-service slot-held slot-proposed slot-unknown weeks
    tabs service match-card rank components pagination disclosure toast
    tray-item print-head action-bar error-summary items table-stack card-foot
"""


def test_all_parts_stand_on_one_page_for_staff(client: Client, zone_admin: Actor) -> None:
    zone_admin.user.is_staff = True
    zone_admin.user.save()
    client.force_login(zone_admin.user)

    text = client.get("/styleguide/").content.decode()

    classes = {name for value in re.findall(r'class="([^"]*)"', text) for name in value.split()}
    assert [name for name in PARTS.split() if name not in classes] == []
    assert [name for name in icon_names() if f"icons.svg#{name}" not in text] == []
    assert "INVALID VARIABLE" not in text


def test_nobody_else_finds_the_page_of_parts(client: Client, enterprise: Actor, zone_admin: Actor) -> None:
    assert client.get("/styleguide/").status_code == 404
    for actor in (enterprise, zone_admin):
        client.force_login(actor.user)
        assert client.get("/styleguide/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/help/", "/privacy/", "/accessibility/"])
def test_the_foot_of_every_page_leads_to_them(client: Client, path: str) -> None:
    text = client.get("/rules/").content.decode()

    assert f'href="{path}"' in text[text.index("<footer") :]
    assert client.post(path).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "is_linked"), [("office@example.org", True), ("", False)])
def test_the_statement_names_where_to_write_if_there_is_an_address(
    client: Client, address: str, is_linked: bool
) -> None:
    with override_settings(CONTACT_EMAIL=address):
        text = client.get("/accessibility/").content.decode()

    assert ('href="mailto:office@example.org"' in text) is is_linked
    assert ("mailto:" in text) is is_linked


@pytest.mark.django_db
def test_an_error_page_names_the_request(client: Client) -> None:
    answer = client.get("/nothing/here/")

    number = answer.headers["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{16}", number)
    assert f"<code>{number}</code>" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("given", "is_kept"), [("proxy-0123456789", True), ("<script>", False), ("x" * 65, False)])
def test_a_number_given_by_the_proxy_is_kept_if_it_is_one(client: Client, given: str, is_kept: bool) -> None:
    answer = client.get("/healthz", headers={"X-Request-ID": given})

    assert (answer.headers["X-Request-ID"] == given) is is_kept


def test_the_page_of_a_crash_names_the_request(rf: RequestFactory) -> None:
    answer = server_error(rf.get("/", REQUEST_ID="abc12345"))

    assert answer.status_code == 500
    assert "<code>abc12345</code>" in answer.content.decode()


def test_a_failure_is_logged_with_its_number_and_a_refusal_is_not(
    rf: RequestFactory, caplog: pytest.LogCaptureFixture
) -> None:
    middleware = RequestIdMiddleware(lambda _request: HttpResponse())
    request = rf.get("/", REQUEST_ID="abc12345")

    with caplog.at_level(logging.ERROR):
        middleware.process_exception(request, Http404())
        middleware.process_exception(request, ValueError("secret"))

    assert [record.getMessage() for record in caplog.records] == ["request abc12345 failed: ValueError"]


def test_the_phone_menu_holds_the_same_links_as_the_header(client: Client, operator: Actor) -> None:
    client.force_login(operator.user)
    text = client.get("/rules/").content.decode()

    def links(part: str) -> list[str]:
        return re.findall(r'href="([^"]+)"', part[: part.index("</nav>")])

    wide, narrow = (links(text[text.index(f'<nav class="{name}"') :]) for name in ("site-nav", "menu-panel"))
    assert wide == ["/services/", "/chains/", "/campaigns/", "/desk/", "/rules/"]
    assert narrow[: len(wide) + 2] == [*wide, "/help/", "/accounts/workspace/"]
