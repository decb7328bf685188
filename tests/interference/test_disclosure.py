"""An operator with a lead about a confidential need, before it signed: nothing tells what the need says.

Here both worlds have the need, its conditions and the lead; they differ in its title, its text and whose it is.
"""

from __future__ import annotations

import pytest

from matching.models import Match
from matching.services.review import match_review
from requests.models import Need, NeedRevision
from requests.services import NeedInput, need_post
from zhongshi.accounts.models import Organization

from .comparing import interference
from .hidden import WORD, Reader
from .world import World, work_off

CONDITIONS = [{"kind": "process", "value": "发酵", "hard": True, "op": "require"}]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", ["operator"])
def test_before_signing_the_lead_says_nothing_of_the_text(name: str, two_worlds: World) -> None:
    world = two_worlds
    entered = NeedInput(title="普通标题", text="普通正文", conditions=CONDITIONS, visibility="nda")
    need, _new = need_post(actor=world.actor("stranger"), entered=entered)
    work_off()
    match = Match.objects.select_related("need__zone", "capability__platform").get(
        need=need, capability=world.capabilities["operator0"]
    )
    if match.status == "proposed":
        match_review(actor=world.actor("admin"), match=match, approve=True)
    work_off()
    world.ids |= {"lead": str(match.uuid), "number": need.number, "need": str(need.uuid)}
    world.clock.mark()

    def rewrite(reader: Reader) -> Reader:
        Need.objects.filter(pk=need.pk).update(title=f"{WORD}中试", text=f"{WORD}的配方")
        NeedRevision.objects.filter(need=need).update(title=f"{WORD}中试", text=f"{WORD}的配方")
        Organization.objects.filter(pk=need.organization_id).update(name=f"{WORD}公司", contact_name=WORD)
        return reader

    report = interference(name, world, plant=rewrite)

    assert report.errors + report.lines() == []
