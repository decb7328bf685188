"""The score: a sum an administrator can read, computed for all rows at once and taken apart for the rows shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .columns import FAIL, PASS, UNKNOWN, Column, held
from .demands import Demand, Fixed, Membership, Place
from .index import Index
from .model import Component, Condition, Path
from .regions import nearness
from .rules import Rules

Values = NDArray[np.float64]
TERMS = frozenset({"qualification", "hazard", "service", "stage", "start_by", "window", "duration"})
_HARD_WEIGHT = 2.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What a need brings besides its conditions: its words, and where the enterprise itself is."""

    words: Sequence[str] = ()
    home: Path = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One component before it is added up: its weight as share of 100, and its value 0..1 for every row."""

    name: str
    weight: float
    values: Values


@dataclass(frozen=True, slots=True)
class Scores:
    """Totals 0..100 for every row, and the parts they are the sum of. `penalty` is what open questions cost.

    `questions` counts them, one on a hard condition as many times as the rules weigh it. `order` is the total
    before it is stopped at 0, so that rows of which little is known still stand in order.
    """

    parts: tuple[Part, ...]
    questions: Values
    penalty: Values
    totals: Values
    order: Values

    def components(self, row: int, rules: Rules) -> tuple[Component, ...]:
        """The addends of one row; their points add up to its total."""
        addends = [
            Component(part.name, part.weight, float(part.values[row]), float(part.weight * part.values[row]))
            for part in self.parts
        ]
        lost = Component("unknown", rules.unknown, float(self.questions[row]), -float(self.penalty[row]))
        return (*addends, lost)


def score(
    index: Index,
    conditions: Sequence[Condition],
    demands: Sequence[Demand],
    columns: Sequence[Column],
    wish: Wish,
    rules: Rules,
) -> Scores:
    """Score every row. Components the need says nothing about are left out and the others share 100."""
    asked = list(zip(conditions, demands, columns, strict=True))
    named = {
        "process": _process(index, asked, rules),
        "product": _product(index, asked, wish.words, rules),
        "scale": _mean(asked, frozenset({"parameter"}), rules),
        "terms": _mean(asked, TERMS, rules),
        "region": _region(index, asked, wish.home, rules),
        "budget": _mean(asked, frozenset({"budget"}), rules),
    }
    weights = {name: getattr(rules, name) for name, values in named.items() if values is not None}
    whole = sum(weights.values()) or 1.0
    parts = tuple(
        Part(name, 100.0 * weights[name] / whole, values) for name, values in named.items() if values is not None
    )
    return _add_up(parts, _open_questions(asked, len(index.records), rules), rules)


Asking = Sequence[tuple[Condition, Demand, Column]]


def _add_up(parts: tuple[Part, ...], questions: Values, rules: Rules) -> Scores:
    gained = np.zeros(len(questions))
    for part in parts:
        gained += part.weight * part.values
    cost = rules.unknown * questions
    penalty = np.minimum(gained, cost)
    return Scores(parts, questions, penalty, gained - penalty, np.round(gained - cost, 9))


def _open_questions(asked: Asking, rows: int, rules: Rules) -> Values:
    count = np.zeros(rows)
    for condition, demand, column in asked:
        if not isinstance(demand, Fixed):
            count += (column == UNKNOWN) * (rules.unknown_must if condition.hard else 1.0)
    return count


def _weight(condition: Condition) -> float:
    return _HARD_WEIGHT if condition.hard else 1.0


def _mean(asked: Asking, kinds: frozenset[str], rules: Rules) -> Values | None:
    """Weighted mean over the conditions of these kinds: pass 1, unknown a part, fail 0. None when there are none."""
    chosen = [
        (condition, column)
        for condition, demand, column in asked
        if condition.kind in kinds and not isinstance(demand, Fixed)
    ]
    if not chosen:
        return None
    worth = np.array([0.0, rules.unknown_value, 1.0])
    values = sum((_weight(condition) * worth[column + 1] for condition, column in chosen), np.zeros(1))
    return np.asarray(values / sum(_weight(condition) for condition, _ in chosen))


def _process(index: Index, asked: Asking, rules: Rules) -> Values | None:
    needed = [
        (condition, demand, column)
        for condition, demand, column in asked
        if condition.kind == "process" and isinstance(demand, Membership) and not demand.excluding
    ]
    if not needed:
        return None
    values = np.zeros(len(index.records))
    for condition, demand, column in needed:
        values += _weight(condition) * _coverage(index, condition, demand, column, rules)
    return values / sum(_weight(condition) for condition, _, _ in needed)


def _coverage(index: Index, condition: Condition, demand: Membership, column: Column, rules: Rules) -> Values:
    """How well each row covers one process: itself 1, elsewhere on the platform, a broader one, its family."""
    values = np.where(column == PASS, rules.same_platform_value, 0.0)
    families = {index.knowledge.families.get(value) for value in condition.values} - {None}
    bits = np.uint64(index.families.mask(name for name in families if name))
    near = (index.cells("family") & bits != 0) & (column != FAIL)
    values[near] = np.maximum(values[near], rules.same_family_value)
    for value in condition.values:
        _raise(index, values, index.knowledge.related.get(value, ()), rules.related_process_value)
        _raise(index, values, index.knowledge.broader(value), rules.broader_process_value)
    for rows in held(index, demand, "own"):
        values[rows] = 1.0
    return values


def _raise(index: Index, values: Values, processes: Iterable[str], least: float) -> None:
    for name in processes:
        rows = index.tokens.rows(("own", "process", name))
        values[rows] = np.maximum(values[rows], least)


def _product(index: Index, asked: Asking, words: Sequence[str], rules: Rules) -> Values:
    values = np.zeros(len(index.records))
    for condition, demand, column in asked:
        if isinstance(demand, Fixed):
            continue
        if condition.kind == "chain" and condition.op == "require":
            values = np.maximum(values, _chain(index, condition, column, rules))
    values = values + (1.0 - values) * coverage(index, words)
    for condition, demand, column in asked:
        if condition.kind == "material" and isinstance(demand, Membership) and not demand.excluding:
            values = np.maximum(values, (column == PASS) * 1.0)
    return values


def _chain(index: Index, condition: Condition, column: Column, rules: Rules) -> Values:
    near = {name for value in condition.values for name in index.knowledge.chain_near.get(value, ())}
    beside = index.cells("chain") & np.uint64(index.chains.mask(near)) != 0
    return np.where(column == PASS, rules.same_chain_value, np.where(beside, rules.near_chain_value, 0.0))


def coverage(index: Index, words: Sequence[str]) -> Values:
    """Share of the need's words a row has, rare words counting more: sum of idf shared / sum of idf asked."""
    shared = np.zeros(len(index.records))
    total = 0.0
    for word in dict.fromkeys(words):
        rarity = index.rarity(word)
        shared[index.words.rows(word)] += rarity
        total += rarity
    return shared / total if total else shared


def _region(index: Index, asked: Asking, home: Path, rules: Rules) -> Values | None:
    """Nearness to the regions asked for; where none is, to the enterprise's own, unless the need waives it."""
    chosen = [
        (demand, column) for condition, demand, column in asked if isinstance(demand, Place) and not demand.excluding
    ]
    if not chosen:
        silent = all(condition.kind != "region" for condition, _, _ in asked)
        return _homeward(index, home, rules) if home and silent else None
    values = np.zeros(len(index.records))
    for demand, column in chosen:
        worth = np.where(column == UNKNOWN, rules.unknown_value, _near(index, demand.paths, rules))
        values += np.where(column == PASS, 1.0, worth)
    return values / len(chosen)


def _homeward(index: Index, home: Path, rules: Rules) -> Values:
    """1 in the enterprise's own place, less in its province, cluster and country; an unknown place is unknown."""
    same = np.array([bool(path) and path[: len(home)] == home for path in index.paths])
    abroad = np.array([bool(path) and path[0] != home[0] for path in index.paths])
    unknown = np.array([not path for path in index.paths])
    worth = np.maximum(_near_paths(index, (home,), rules), np.where(abroad, 0.0, rules.same_country_value))
    worth = np.where(unknown, rules.unknown_value, np.where(same, 1.0, worth))
    return np.asarray(worth[index.cells("region")])


def _near(index: Index, wanted: tuple[Path, ...], rules: Rules) -> Values:
    return np.asarray(_near_paths(index, wanted, rules)[index.cells("region")])


def _near_paths(index: Index, wanted: tuple[Path, ...], rules: Rules) -> Values:
    return np.array(
        [
            nearness(path, wanted, index.knowledge, rules.same_province_value, rules.same_cluster_value)
            for path in index.paths
        ]
    )
