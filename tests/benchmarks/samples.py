"""A small market drawn at random from a fixed seed: what all filters must agree about."""

from __future__ import annotations

import random

from benchmarks.columns import Trade
from benchmarks.declared import NOWHERE, QUANTITIES, Geography, Offer, Range, Wish

PLACES = [("上海", "浦东"), ("上海", ""), ("江苏", "苏州"), ("江苏", "无锡"), ("广东", "深圳"), NOWHERE]
CHAINS = ["食品", "合成生物", "集成电路", ""]
GEOGRAPHY = Geography({}, (frozenset({"上海", "江苏"}),))
_PROCESSES = [f"工序{number}" for number in range(6)]
_QUALIFICATIONS = [f"资质{number}" for number in range(4)]


def market(offers: int, wishes: int) -> tuple[list[Offer], list[Wish], Trade]:
    """Offers, wishes, and a trade that has learned both."""
    draw = random.Random(3)  # noqa: S311 - a sample, not a secret
    made = [_offer(draw) for _ in range(offers)]
    asked = [_wish(draw) for _ in range(wishes)]
    trade = Trade(GEOGRAPHY, {"食品": frozenset({"合成生物"})})
    trade.learn(made)
    trade.learn(asked)
    return made, asked, trade


def _some(draw: random.Random, values: list[str], most: int) -> tuple[str, ...]:
    return tuple(draw.sample(values, draw.randint(0, most)))


def _ranges(draw: random.Random) -> dict[str, Range]:
    found: dict[str, Range] = {}
    for name in draw.sample(QUANTITIES, 3):
        low = draw.choice([1.0, 5.0, 20.0])
        least = None if name == "pressure" else low
        found[name] = (least, low * draw.choice([1, 4, 40]))
    return found


def _offer(draw: random.Random) -> Offer:
    return Offer(
        processes=_some(draw, _PROCESSES, 3),
        qualifications=_some(draw, _QUALIFICATIONS, 4),
        chain=draw.choice(CHAINS),
        place=draw.choice(PLACES),
        ranges=_ranges(draw),
        price=draw.choice([None, 5.0, 30.0]),
        free=draw.getrandbits(52) | draw.getrandbits(52),
    )


def _wish(draw: random.Random) -> Wish:
    earliest, place = draw.randint(0, 40), draw.choice(PLACES)
    return Wish(
        processes=_some(draw, _PROCESSES, 2),
        qualifications=_some(draw, _QUALIFICATIONS, 1),
        chain=draw.choice(CHAINS),
        place=place,
        place_hard=place != NOWHERE and draw.random() < 0.3,
        ranges=_ranges(draw),
        budget=draw.choice([None, 6.0, 40.0]),
        budget_hard=draw.random() < 0.5,
        window=(earliest, earliest + draw.randint(0, 8), draw.randint(1, 5)),
    )
