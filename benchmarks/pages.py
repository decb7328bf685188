"""What search and matches pages cost beside a bare Django view: ``make bench-pages``.

The bare view is what Django does for anybody: a generic list of the same twenty rows with their parts, paged and
counted, through a template without a frame. All pages are asked in turns, in one process, through the same middleware
and without the network; printed are medians in milliseconds and the ratio to the bare view of the same rows. Works on
the database of DATABASE_URL and loads --listings into it where they are not there yet. Nothing here passes or fails.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhongshi.settings.development")
os.environ.setdefault("DEMO", "1")
django.setup()

# Only now: models need the settings.
from django.core.management import call_command  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.utils import translation  # noqa: E402

from matching.models import Match  # noqa: E402
from platforms.models import Capability  # noqa: E402
from requests.models import Need  # noqa: E402
from requests.services.needs import NeedInput, need_post  # noqa: E402
from zhongshi.accounts.actors import Actor, actor_of  # noqa: E402
from zhongshi.accounts.models import User  # noqa: E402
from zhongshi.core import outbox  # noqa: E402
from zhongshi.core.models import OutboxEvent  # noqa: E402

KEY = "benchmark-pages"
TEXT = "需要500升发酵罐做精密发酵中试三批，配套喷雾干燥，食品级资质，最好在四川，预算80万元以内。"
WARM_UPS = 3


@dataclass(frozen=True, slots=True)
class Page:
    """A page and the bare view it is held against, by address."""

    name: str
    address: str
    bare: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listings", help="an exchange file to load first, where fewer than --at-least are published")
    parser.add_argument("--at-least", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=30)
    given = parser.parse_args()
    _prepare(given.listings, given.at_least)
    need = _need()
    pages = [
        Page("search, no filter", "/services/", "/bare/capabilities/"),
        Page("search, two words", "/services/?q=发酵 罐", "/bare/capabilities/"),
        Page("search, two filters", "/services/?process=发酵&qualification=GMP", "/bare/capabilities/"),
        Page("matches of a need", f"/needs/{need.number}/matches/", f"/bare/matches/{need.pk}/"),
    ]
    with override_settings(ALLOWED_HOSTS=["testserver"], ROOT_URLCONF="benchmarks.pages_urls"):
        client = Client()
        client.force_login(_actor().user)
        _print(pages, _measured(client, pages, given.rounds))


def _prepare(listings: str | None, at_least: int) -> None:
    call_command("migrate", verbosity=0)
    call_command("load_vocabulary", verbosity=0)
    call_command("load_demo", "--no-story", verbosity=0)
    if listings and Capability.objects.published().count() < at_least:
        print(f"Loading {listings}: a few minutes, once for this database.", flush=True)
        call_command("load_exchange", listings, "--publish")


def _actor() -> Actor:
    actor = actor_of(User.objects.get(username="enterprise"))
    if actor is None:
        raise SystemExit("The demo account `enterprise` belongs to no organization.")
    return actor


def _need() -> Need:
    entered = NeedInput(title="精密发酵 500 L 中试", text=TEXT)
    need, _ = need_post(actor=_actor(), entered=entered, idempotency_key=KEY)
    waiting = OutboxEvent.objects.filter(state=OutboxEvent.State.PENDING, topic="need.opened")
    for event_id in waiting.values_list("id", flat=True):
        outbox.run(event_id)
    print(f"{Capability.objects.published().count()} listings, {Match.objects.filter(need=need).count()} matches")
    return need


def _measured(client: Client, pages: list[Page], rounds: int) -> dict[str, float]:
    """Median milliseconds of each address."""
    addresses = sorted({page.address for page in pages} | {page.bare for page in pages})
    took: dict[str, list[float]] = {address: [] for address in addresses}
    with translation.override("zh-hans"):
        for number in range(WARM_UPS + rounds):
            random.Random(number).shuffle(addresses)  # noqa: S311 - an order, not a secret
            for address in addresses:
                milliseconds = _timed(lambda address=address: client.get(address))  # type: ignore[misc]
                if number >= WARM_UPS:
                    took[address].append(milliseconds)
    return {address: statistics.median(found) for address, found in took.items()}


def _timed(ask: Callable[[], object]) -> float:
    started = time.perf_counter()
    answer = ask()
    took = (time.perf_counter() - started) * 1000
    status = getattr(answer, "status_code", None)
    if status != 200:
        raise SystemExit(f"A page answered {status}.")
    return took


def _print(pages: list[Page], took: dict[str, float]) -> None:
    print(f"{'page':<22}{'ms':>8}{'bare ms':>10}{'ratio':>8}")
    for page in pages:
        own, bare = took[page.address], took[page.bare]
        print(f"{page.name:<22}{own:>8.1f}{bare:>10.1f}{own / bare:>8.2f}")


if __name__ == "__main__":
    main()
