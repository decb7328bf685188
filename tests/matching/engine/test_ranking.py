"""The best rows are found without looking at all of them closely, and are the very ones looking at all would give."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from matching.engine import CapabilityFacts, Condition, Index, OpenNeed, OpenNeeds, Rules, Wish, rank
from matching.engine.matching import question_of
from matching.engine.plan import Plan
from matching.engine.ranking import fitting

from .worlds import DAY, KNOWLEDGE, line, needs, needs_run, needs_volume, value, volume

PROCESSES = ["drying", "spray drying", "fermentation", "lithography", "milling", "coating", "sintering"]
MATERIALS = [f"product {number}" for number in range(12)]
PERMITS = ["FOOD", "FSSC22000", "ATEX", "GMP"]
REGIONS = [(), ("CN", "510000", "510100"), ("CN", "510000"), ("CN", "500000"), ("CN", "330000"), ("DE",)]
WORDS = [f"word{number}" for number in range(200)]
ROWS = 3000


def _listing(chance: Random, name: str) -> CapabilityFacts:
    low = chance.choice([1.0, 5.0, 20.0, 100.0])
    facts = [value("process", one) for one in chance.sample(PROCESSES, chance.randint(0, 3))]
    facts += [value("material", chance.choice(MATERIALS)) for _ in range(chance.randint(0, 2))]
    facts += [value("qualification", one) for one in chance.sample(PERMITS, chance.randint(0, 2))]
    facts += [value("chain", chance.choice(["food", "biotech", "chips"]))]
    facts += [
        volume(low * (step + 1), low * (step + 1) * chance.randint(1, 50)) for step in range(chance.randint(0, 2))
    ]
    starts = sorted(chance.sample(range(100), chance.randint(0, 3)))
    return line(
        name,
        *facts,
        region=chance.choice(REGIONS),
        availability=chance.choice([None, tuple((DAY + day, DAY + day + chance.randint(1, 40)) for day in starts)]),
        words=tuple(chance.sample(WORDS, 6)),
        phrases=(("process", chance.choice(["glazing", "leaching", "quenching"])),) if chance.random() < 0.2 else (),
        exposure=chance.randint(0, 3),
    )


def _need(chance: Random) -> tuple[list[Condition], Wish]:
    def must() -> bool:
        return chance.random() < 0.5

    wanted = [needs("process", one, hard=must()) for one in chance.sample(PROCESSES, chance.randint(0, 3))]
    if chance.random() < 0.7:
        wanted.append(needs("material", chance.choice(MATERIALS)))
    wanted += [needs("qualification", one, hard=must()) for one in chance.sample(PERMITS, chance.randint(0, 2))]
    low = chance.choice([2.0, 10.0, 60.0])
    wanted.append(needs_volume(low, low * chance.randint(1, 20), op="overlaps", hard=must()))
    earliest = chance.randint(0, 60)
    wanted.append(needs_run(earliest, earliest + 30, chance.randint(1, 21), hard=must()))
    wanted += [
        needs("chain", "food"),
        needs("region", chance.choice(["510100", "CN", "DE"]), hard=chance.random() < 0.2),
    ]
    phrases = (("process", "glazing"),) if chance.random() < 0.5 else ()
    return wanted, Wish(tuple(chance.sample(WORDS, 4)), phrases, ("CN", "510000"))


def _plainly(index: Index, wanted: list[Condition], wish: Wish, limit: int) -> list[tuple[str, float]]:
    """Every row judged and scored, then sorted."""
    plan = Plan.of(index, question_of(index, wanted, wish), Rules())
    everything = fitting(index, plan, np.array([index.row(record.id) for record in index], dtype=np.intp))
    assert everything.view.rows is not None
    found = [
        (-float(order), index.at(row).exposure, index.at(row).id, float(total))
        for row, order, total in zip(
            everything.view.rows.tolist(), everything.scores.order, everything.scores.totals, strict=True
        )
    ]
    return [(name, total) for _, _, name, total in sorted(found)[:limit]]


@pytest.mark.parametrize("seed", range(4))
def test_what_is_found_is_what_looking_at_all_would_find(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - a world, not a secret
    index = Index.build([_listing(chance, f"c{number}") for number in range(ROWS)], KNOWLEDGE)
    for number in chance.sample(range(ROWS), 200):
        index.remove(f"c{number}")
    for _ in range(40):
        wanted, wish = _need(chance)
        limit = chance.choice([1, 5, 20, 100])
        found = [(one.capability, one.score) for one in rank(index, wanted, wish, limit=limit)]
        assert found == _plainly(index, wanted, wish, limit)


@pytest.mark.parametrize("seed", range(3))
def test_needs_found_are_those_looking_at_all_would_find(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - a world, not a secret
    listings = [_listing(chance, f"c{number}") for number in range(60)]
    asked = [_need(chance) for _ in range(2000)]
    waiting = [
        OpenNeed(id=f"n{number}", conditions=tuple(wanted), wish=wish) for number, (wanted, wish) in enumerate(asked)
    ]
    held = OpenNeeds(waiting, Index.build(listings, KNOWLEDGE))
    for listing in listings:
        limit = chance.choice([1, 5, 20])
        assert held.rank(listing, limit=limit) == held.rank(listing, limit=None)[:limit]
