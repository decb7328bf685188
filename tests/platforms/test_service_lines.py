"""A line of a list is drawn once for what it says, and anew whenever it would say something else."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.utils import translation

from platforms.models import Capability, Fact, Platform
from platforms.services.listings import touch
from platforms.templatetags.services import _drawn, service_line
from platforms.views.rows import service_rows
from tests.factories import CapabilityFactory, FactFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def listing() -> Capability:
    _drawn.cache_clear()
    capability = CapabilityFactory.create(platform__is_confirmed=False)
    FactFactory.create(capability=capability)
    return capability


def _line(listing: Capability, *, on_platform: bool = False, **context: Any) -> str:
    fresh = Capability.objects.select_related("platform").get(pk=listing.pk)
    return service_line(context, service_rows([fresh])[0], on_platform=on_platform)


def test_the_same_line_is_drawn_once(listing: Capability) -> None:
    assert _line(listing) == _line(listing, compared_ids=[uuid4()])
    assert _drawn.cache_info().misses == 1


def _rename(listing: Capability) -> None:
    Capability.objects.filter(pk=listing.pk).update(name="冻干线")


def _rename_platform(listing: Capability) -> None:
    Platform.objects.filter(pk=listing.platform_id).update(name="另一平台", city="重庆", region="")


def _confirm(listing: Capability) -> None:
    Platform.objects.filter(pk=listing.platform_id).update(is_confirmed=True)


def _price(listing: Capability) -> None:
    Capability.objects.filter(pk=listing.pk).update(price={"amount": 3, "unit": "万元/批"})


def _process(listing: Capability) -> None:
    Fact.objects.filter(capability=listing).update(value="冻干")
    touch(listing.platform)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_rename, "冻干线"),
        (_rename_platform, "另一平台"),
        (_rename_platform, "重庆"),
        (_confirm, "机构已确认"),
        (_price, "3 万元/批"),
        (_process, "冻干"),
    ],
)
def test_what_changed_is_seen_at_once(listing: Capability, change: Any, says: str) -> None:
    before = _line(listing)
    change(listing)

    assert says not in before
    assert says in _line(listing)


def test_each_language_has_its_own(listing: Capability) -> None:
    chinese = _line(listing)
    with translation.override("en"):
        assert ">Enquire<" in _line(listing)
    assert ">Enquire<" not in chinese


def test_whoever_compares_it_sees_so_and_nobody_else(listing: Capability) -> None:
    assert 'aria-pressed="true"' in _line(listing, compared_ids=[listing.uuid])
    assert 'aria-pressed="false"' in _line(listing)
    assert 'aria-pressed="false"' in _line(listing, compared_ids=[])


def test_on_its_platforms_page_it_does_not_name_the_platform(listing: Capability) -> None:
    assert listing.platform.name in _line(listing)
    assert listing.platform.name not in _line(listing, on_platform=True)
