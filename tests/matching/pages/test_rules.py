"""The office's rules: versions, a form that loses nothing, a preview before anything is saved."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from matching import engine
from matching.models import Match, RulesVersion, ScoringRun
from matching.zone_rules import WEIGHT_NAMES
from platforms.models import Capability
from requests.models import Need
from tests.factories import CapabilityFactory, MatchFactory, RulesVersionFactory, make_actor
from tests.matching.pages.conftest import BrowserOf
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.models import Zone

LIST, NEW = "/park/rules/", "/park/rules/new/"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def browser(zone_admin: Actor, browser_of: BrowserOf) -> Client:
    return browser_of(zone_admin)


def _typed(**values: Any) -> dict[str, Any]:
    """A form filled in: everything as in the beginning, but for what is given."""
    policy = {"approves_itself": "on", "approval_score": "60", "lead_limit": "100", "note": "区内优先"}
    return {**engine.Rules().as_mapping(), **policy, "base": engine.Rules().version, **values}


def _previewed(page: str) -> str:
    found = re.search(r'name="previewed" value="([^"]+)"', page)
    assert found
    return html.unescape(found[1])


def _value(page: str, name: str) -> str:
    [tag] = re.findall(rf'<input[^>]* name="{name}"[^>]*>', page)
    found = re.search(r'value="([^"]*)"', tag)
    return found[1] if found else ""


def test_before_anything_is_saved_the_initial_rules_are_listed(browser: Client) -> None:
    page = browser.get(LIST).content.decode()

    assert "<h1>Rules of matching</h1>" in page
    assert page.count('<span class="pill pill-done">in force</span>') == 1
    assert "never" in page
    assert "at most 100" in page


def test_a_version_says_who_saved_it_when_why_and_what_differs(browser: Client, zone: Zone, zone_admin: Actor) -> None:
    old = RulesVersionFactory.create(number=1, of_zone=True, zone=zone, weights={"region": 20.0}, note="第一版")
    RulesVersionFactory.create(
        number=2, of_zone=True, zone=zone, weights={"region": 30.0}, note="第二版", replaced=old,
        created_by=zone_admin.user, lead_limit=7,
    )  # fmt: skip

    page = browser.get(LIST).content.decode()

    rows = page.split("<tbody>")[1].split("</tr>")
    assert [part in rows[0] for part in ("r2</a>", "in force", "第二版", zone_admin.user.username)] == [True] * 4
    assert re.findall(r"<dt>([^<]*)</dt>", rows[0]) == ["region", "open leads an operator gets at most"]
    assert re.findall(r'<span class="change-before">([^<]*)</span>.*?<strong>([^<]*)</strong>', rows[0]) == [
        ("20", "30"), ("10", "7"),
    ]  # fmt: skip
    assert "in force" not in rows[1]
    assert f'href="{NEW}?from=r1"' in rows[1]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(
    rows: int, zone: Zone, zone_admin: Actor, browser: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    replaced = None
    for _ in range(rows):
        replaced = RulesVersionFactory.create(of_zone=True, zone=zone, replaced=replaced, created_by=zone_admin.user)

    with django_assert_num_queries(8):
        page = browser.get(LIST).content.decode()

    assert page.count('<th scope="row"') == rows + 1


def test_the_form_begins_with_what_is_in_force(browser: Client, zone: Zone) -> None:
    RulesVersionFactory.create(number=3, of_zone=True, zone=zone, weights={"region": 25.0}, lead_limit=7)

    page = browser.get(NEW).content.decode()

    assert [_value(page, name) for name in ("region", "process", "lead_limit", "base")] == ["25", "40", "7", "r3"]
    assert all(f'name="{name}"' in page for name in WEIGHT_NAMES)


def test_the_form_may_begin_with_an_older_version(browser: Client, zone: Zone) -> None:
    RulesVersionFactory.create(number=3, of_zone=True, zone=zone, weights={"region": 25.0})
    RulesVersionFactory.create(number=4, of_zone=True, zone=zone, weights={"region": 35.0})

    page = browser.get(f"{NEW}?from=r3").content.decode()

    assert [_value(page, name) for name in ("region", "base")] == ["25", "r4"]


def test_another_zones_version_is_nothing_to_begin_with(browser: Client, other_zone: Zone) -> None:
    RulesVersionFactory.create(number=3, of_zone=True, zone=other_zone, weights={"region": 25.0})

    assert _value(browser.get(f"{NEW}?from=r3").content.decode(), "region") == "12"
    assert browser.get("/park/rules/r3/").status_code == 404


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"region": "-1"}, "region: Please enter a number from 0 to 100."),
        ({"region": "101"}, "region: Please enter a number from 0 to 100."),
        ({"region": "viel"}, "region: Please enter a number from 0 to 100."),
        ({"region": ""}, "region: Please enter a number from 0 to 100."),
        ({"region": "nan"}, "region: Please enter a number from 0 to 100."),
        ({"same_province_value": "1.5"}, "the same province: Please enter a number from 0 to 1."),
        ({"lead_limit": "0"}, "open leads an operator gets at most: Please enter a number from 1 to 1000."),
        ({"lead_limit": "2.5"}, "open leads an operator gets at most: Please enter a number from 1 to 1000."),
        ({"approval_score": "101"}, "least score for that: Please enter a number from 0 to 100."),
        ({"note": ""}, "Why: Please say why; your colleagues will read it."),
        (
            dict.fromkeys(["process", "product", "scale", "terms", "region", "budget"], "0"),
            "At least one share must be above 0; otherwise every score is 0.",
        ),
        ({"approves_itself": ""}, "These are the rules in force; nothing has changed."),
    ],
)
def test_a_wrong_figure_is_named_and_nothing_typed_is_lost(
    browser: Client, typed: dict[str, str], message: str
) -> None:
    answer = browser.post(NEW, _typed(**typed) | {"step": "preview"})

    page = html.unescape(answer.content.decode())
    assert answer.status_code == 400
    assert message in page
    assert {name: _value(page, name) for name in typed if name != "approves_itself"} == {
        name: value for name, value in typed.items() if name != "approves_itself"
    }
    assert RulesVersion.objects.count() == 0


def test_the_preview_stores_nothing_and_shows_what_would_change(
    browser: Client, need: Need, capability: Capability
) -> None:
    answer = browser.post(NEW, _typed(region="60", lead_limit="3") | {"step": "preview"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "What would change from initial rules to r1" in page
    assert "The last 1 need of your zone" in page
    assert re.findall(r'<span class="change-before">([^<]*)</span>.*?<strong>([^<]*)</strong>', page) == [
        ("12", "60"), ("no", "yes"), ("100", "3"),
    ]  # fmt: skip
    assert "Save as r1" in page
    assert (RulesVersion.objects.count(), ScoringRun.objects.count(), Match.objects.count()) == (0, 0, 0)


def test_what_was_previewed_is_saved_and_shown(browser: Client, zone_admin: Actor) -> None:
    page = browser.post(NEW, _typed(region="60") | {"step": "preview"}).content.decode()

    answer = browser.post(NEW, {"step": "save", "previewed": _previewed(page)}, follow=True)

    saved = RulesVersion.objects.get()
    assert answer.redirect_chain == [("/park/rules/r1/", 302)]
    assert (saved.weights["region"], saved.note, saved.created_by) == (60.0, "区内优先", zone_admin.user)
    assert (saved.approves_itself, saved.approval_score, saved.lead_limit) == (True, 60, 100)
    assert "Saved as r1. Open needs are being scored again." in answer.content.decode()


def test_back_to_edit_keeps_everything(browser: Client) -> None:
    page = browser.post(NEW, _typed(region="60.5", lead_limit="3") | {"step": "preview"}).content.decode()

    page = browser.post(NEW, {"step": "edit", "previewed": _previewed(page)}).content.decode()

    assert [_value(page, name) for name in ("region", "lead_limit", "note")] == ["60.5", "3", "区内优先"]


@pytest.mark.parametrize("forged", ["", "x", None])
def test_nothing_is_saved_that_was_not_previewed(
    browser: Client, zone: Zone, browser_of: BrowserOf, forged: str | None
) -> None:
    if forged is None:
        colleague = browser_of(make_actor(Role.ZONE_ADMIN, zone))
        forged = _previewed(colleague.post(NEW, _typed(region="60")).content.decode())

    answer = browser.post(NEW, _typed(region="60") | {"step": "save", "previewed": forged})

    assert answer.status_code == 400
    assert "Please preview the rules before you save them." in answer.content.decode()
    assert RulesVersion.objects.count() == 0


@pytest.mark.parametrize("step", ["edit", "save"])
def test_a_preview_of_before_the_engine_learnt_a_weight_is_asked_for_again(
    step: str, browser: Client, zone: Zone, zone_admin: Actor
) -> None:
    older = {name: value for name, value in _typed().items() if name != "region"}
    previewed = signing.dumps(older, salt=f"rules:{zone_admin.user.pk}:{zone.code}")

    answer = browser.post(NEW, {"step": step, "previewed": previewed})

    assert answer.status_code == 400
    assert RulesVersion.objects.count() == 0


@pytest.mark.parametrize("step", ["preview", "save"])
def test_a_colleague_who_saved_meanwhile_wins_and_is_shown(
    step: str, browser: Client, zone: Zone, browser_of: BrowserOf
) -> None:
    colleague = browser_of(make_actor(Role.ZONE_ADMIN, zone, username="colleague"))
    mine = browser.post(NEW, _typed(region="60", note="我的")).content.decode()
    theirs = colleague.post(NEW, _typed(budget="30", note="同事的")).content.decode()
    colleague.post(NEW, {"step": "save", "previewed": _previewed(theirs)})

    sent = _typed(region="60", note="我的") if step == "preview" else {"previewed": _previewed(mine)}
    answer = browser.post(NEW, sent | {"step": step})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else has saved other rules in the meantime. Nothing was saved." in page
    assert "r1, saved by colleague at" in page
    assert "同事的" in page
    theirs = page.split('id="theirs"')[1].split("</section>")[0]
    assert re.findall(r"<dt>([^<]*)</dt>", theirs) == ["budget", "approve good matches without review"]
    assert [_value(page, name) for name in ("region", "note", "base")] == ["60", "我的", "r1"]
    assert RulesVersion.objects.count() == 1

    again = browser.post(NEW, _typed(region="60", note="我的", base="r1")).content.decode()
    browser.post(NEW, {"step": "save", "previewed": _previewed(again)})
    assert RulesVersion.objects.filter(number=2).values_list("weights__budget", "weights__region").get() == (6.0, 60.0)


def test_a_version_shows_what_it_weighs_and_how_far_it_has_reached(
    browser: Client, zone: Zone, zone_admin: Actor, proposed: Match
) -> None:
    RulesVersionFactory.create(
        number=1, of_zone=True, zone=zone, weights={"region": 60.0}, note="区内优先", created_by=zone_admin.user
    )

    page = browser.get("/park/rules/r1/").content.decode()

    assert "<h1>Rules r1</h1>" in page
    assert "<strong>60</strong>" in page
    assert "from 60 points" in page
    assert "<strong>1</strong> / 1" in page
    assert zone_admin.user.username in page


def test_an_enterprise_reads_the_weights_and_not_who_set_them(
    zone: Zone, zone_admin: Actor, enterprise: Actor, proposed: Match, browser_of: BrowserOf
) -> None:
    RulesVersionFactory.create(
        number=1, of_zone=True, zone=zone, weights={"region": 60.0}, note="内部说明", created_by=zone_admin.user
    )
    browser = browser_of(enterprise)

    result = browser.get(f"/needs/{proposed.need.number}/matches/").content.decode()
    page = browser.get("/park/rules/r1/").content.decode()

    assert '<a href="/park/rules/r1/">rules r1</a>' in result
    assert "<strong>60</strong>" in page
    assert "内部说明" not in page
    assert zone_admin.user.username not in page
    assert browser.get(f"/park/rules/{engine.Rules().version}/").status_code == 200


@pytest.mark.parametrize("name", ["r9", "r", "x", "r-1", "r1.0", "r99999999999999999999", "r²", "rr1"])
def test_a_name_nobody_gave_is_not_found(browser: Client, name: str) -> None:
    assert browser.get(f"/park/rules/{name}/").status_code == 404


def test_a_full_operator_is_named_where_matches_are_reviewed(
    browser: Client, zone: Zone, lead: Match, need: Need, capability: Capability
) -> None:
    RulesVersionFactory.create(of_zone=True, zone=zone, lead_limit=1)
    waiting = MatchFactory.create(need=need, capability=CapabilityFactory.create(platform=capability.platform))

    assert "held back by the rules" in browser.get("/park/review/").content.decode()
    reason = "The operator has 1 lead to answer already (at most 1)"
    assert reason in browser.get(f"/park/review/{waiting.uuid}/").content.decode()


def test_a_match_in_review_names_the_rules_that_ranked_it(browser: Client, proposed: Match) -> None:
    page = browser.get(f"/park/review/{proposed.uuid}/").content.decode()

    assert '<a href="/park/rules/r1/">rules r1</a>' in page


def test_the_trail_names_the_version(browser: Client) -> None:
    page = browser.post(NEW, _typed(region="60")).content.decode()
    browser.post(NEW, {"step": "save", "previewed": _previewed(page)})

    trail = browser.get("/park/audit/").content.decode()

    assert "saved the rules" in trail
    assert '<a href="/park/rules/r1/">r1</a>' in trail
