"""The score: a sum an administrator can read, for many rows at once, taken apart for the rows shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .columns import FAIL, PASS, UNKNOWN, Column, View, wanted_tokens
from .demands import Demand, Fixed, Membership, Place, Span, Time
from .explaining import is_must
from .index import SCALES, Index, Token
from .model import Component, Condition, Path, Wish
from .regions import nearness
from .rules import Rules

Values = NDArray[np.float64]
TERMS = frozenset({"qualification", "hazard", "service", "stage", "start_by", "window", "duration"})
_HARD_WEIGHT = 2.0
_ORDER = (Span, Time, Place, Membership, Fixed)
# A single vessel is a point on the logarithmic scale; it counts as this wide when it is held against a range.
POINT = 0.1


Levels = tuple[tuple[float, Token], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A need made ready: conditions, what they demand, and what it brings besides."""

    conditions: tuple[Condition, ...]
    demands: tuple[Demand, ...]
    wish: Wish

    def required(self, kind: str) -> Iterator[tuple[int, Condition, Membership]]:
        """Conditions of a kind that ask for a value, with their positions."""
        for position, (condition, demand) in enumerate(zip(self.conditions, self.demands, strict=True)):
            if condition.kind == kind and isinstance(demand, Membership) and not demand.excluding:
                yield position, condition, demand


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation asked for: its share in the coverage, what holding a token is worth (ascending), its condition.

    An operation only an unread phrase asks for has no condition (position -1).
    """

    share: float
    levels: Levels
    position: int = -1
    families: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What a question means on one index under some rules, worked out once before rows are looked at.

    weights: component -> points of 100. products: tokens of the very product. words: rare words with their share of
    all that the need's rare words tell. near_chains: bits. musts: positions of hard conditions.
    """

    question: Question
    rules: Rules
    weights: Mapping[str, float]
    operations: tuple[Operation, ...]
    products: tuple[Token, ...]
    words: tuple[tuple[str, float], ...]
    near_chains: int
    musts: tuple[int, ...]

    @property
    def is_homeward(self) -> bool:
        """Is nearness to the enterprise itself what counts, because the need asks for no region?"""
        return "region" in self.weights and not any(_asks_place(demand) for demand in self.question.demands)

    @classmethod
    def of(cls, index: Index, question: Question, rules: Rules) -> Plan:
        """Work it out."""
        known = index.knowledge
        operations = tuple(_operations(index, question, rules))
        chains = [value for _, condition, _ in question.required("chain") for value in condition.values]
        return cls(
            question,
            rules,
            _weights(question, rules, has_operations=bool(operations)),
            operations,
            tuple(_products(index, question)),
            rare_words(index, question.wish.words),
            index.chains.mask(name for value in chains for name in known.chain_near.get(value, ())),
            _musts(question),
        )


def _musts(question: Question) -> tuple[int, ...]:
    """Positions of the hard conditions, the cheapest tests first: the more rows fall early, the fewer are left."""
    musts = [position for position, condition in enumerate(question.conditions) if is_must(condition)]
    return tuple(sorted(musts, key=lambda position: _ORDER.index(type(question.demands[position]))))


def _weights(question: Question, rules: Rules, *, has_operations: bool) -> Mapping[str, float]:
    """Points of each component the need says something about, together 100."""
    kinds = {
        condition.kind
        for condition, demand in zip(question.conditions, question.demands, strict=True)
        if not isinstance(demand, Fixed)
    }
    is_placed = any(_asks_place(demand) for demand in question.demands)
    is_silent = all(condition.kind != "region" for condition in question.conditions)
    asked = {
        "process": has_operations,
        "product": True,
        "scale": "parameter" in kinds,
        "terms": bool(kinds & TERMS),
        "region": is_placed or (is_silent and bool(question.wish.home)),
        "budget": "budget" in kinds,
    }
    named = {name: float(getattr(rules, name)) for name, is_asked in asked.items() if is_asked}
    whole = sum(named.values()) or 1.0
    return {name: 100.0 * weight / whole for name, weight in named.items()}


def _asks_place(demand: Demand) -> bool:
    return isinstance(demand, Place) and not demand.excluding


def _operations(index: Index, question: Question, rules: Rules) -> Iterator[Operation]:
    named: set[str] = set()
    for position, condition, demand in question.required("process"):
        named.update(condition.values)
        families = {index.knowledge.families.get(value) for value in condition.values} - {None}
        levels = _known_levels(index, condition, demand, rules)
        bits = index.families.mask(name for name in families if name)
        yield Operation(hard_weight(condition), _held(index, levels), position, bits)
    for phrase in question.wish.phrases:
        likely = index.knowledge.likely.get(phrase)
        if phrase[0] != "process" or likely in named:
            continue
        levels = [(1.0, ("word", *phrase))]
        if likely is not None:
            named.add(likely)
            levels += [(rules.likely_value, (how, "process", likely)) for how in ("likely", "own")]
        # A word that no row and no experience knows tells nothing.
        if held := _held(index, levels):
            yield Operation(1.0, held)


def _known_levels(index: Index, condition: Condition, demand: Membership, rules: Rules) -> list[tuple[float, Token]]:
    """What holding a token is worth: the operation itself 1, on the platform, likely, a broader one, a related one."""
    known, levels = index.knowledge, list[tuple[float, Token]]()
    for value in condition.values:
        levels += [(rules.related_process_value, ("own", "process", name)) for name in known.related.get(value, ())]
        levels += [(rules.broader_process_value, ("own", "process", name)) for name in known.broader(value)]
        levels.append((rules.likely_value, ("likely", "process", value)))
    levels += [(rules.same_platform_value, token) for token in wanted_tokens(index, demand, "platform")]
    levels += [(1.0, token) for token in wanted_tokens(index, demand, "own")]
    return levels


def _held(index: Index, levels: list[tuple[float, Token]]) -> Levels:
    return tuple(sorted(level for level in levels if index.tokens.count(level[1])))


def _products(index: Index, question: Question) -> Iterator[Token]:
    for _, _, demand in question.required("material"):
        yield from wanted_tokens(index, demand, "own")
    yield from (("word", kind, text) for kind, text in question.wish.phrases if kind == "material")


def rare_words(index: Index, words: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """The words that tell something, each with its share of all they tell (by idf, together 1).

    Words nobody has and words too many have are left out.
    """
    rarity = {word: index.rarity(word) for word in dict.fromkeys(words)}
    whole = sum(rarity.values())
    return tuple((word, weight / whole) for word, weight in rarity.items() if weight)


@dataclass(frozen=True, slots=True)
class Part:
    """One component before it is added up: its weight as share of 100, and its value 0..1 for every row."""

    name: str
    weight: float
    values: Values


@dataclass(frozen=True, slots=True)
class Scores:
    """Totals 0..100 for every row of a view, and the parts they are the sum of. `cost` is what open questions take.

    `questions` counts them. `order` is the total before it is stopped at 0, so that rows of which little is known
    still stand in order.
    """

    parts: tuple[Part, ...]
    questions: Values
    cost: Values
    totals: Values
    order: Values

    def components(self, at: int) -> tuple[Component, ...]:
        """The addends of one row; their points add up to its total."""
        addends = [
            Component(part.name, part.weight, float(part.values[at]), float(part.weight * part.values[at]))
            for part in self.parts
        ]
        lost = min(float(self.cost[at]), sum(part.points for part in addends))
        return (*addends, Component("unknown", 0.0, float(self.questions[at]), -lost))


def score(view: View, plan: Plan, columns: Sequence[Column]) -> Scores:
    """Score every row of the view. Components the need says nothing about are left out and the others share 100."""
    question = plan.question
    asked = list(zip(question.conditions, question.demands, columns, strict=True))
    parts = tuple(Part(name, weight, _values(name, view, plan, asked)) for name, weight in plan.weights.items())
    return _add_up(parts, *_open_questions(view, asked, plan.rules))


Asking = Sequence[tuple[Condition, Demand, Column]]


def _values(name: str, view: View, plan: Plan, asked: Asking) -> Values:
    match name:
        case "process":
            return coverage(view, plan, [column for _, _, column in asked])
        case "product":
            return fit(view, plan, asked)
        case "scale":
            return _scale(view, asked, plan.rules)
        case "region":
            return _region(view, asked, plan.question.wish.home, plan.rules)
        case _:
            return _mean(view, asked, TERMS if name == "terms" else frozenset({name}), plan.rules)


def _add_up(parts: tuple[Part, ...], questions: Values, cost: Values) -> Scores:
    gained = np.zeros(len(questions))
    for part in parts:
        gained += part.weight * part.values
    order = np.round(gained - cost, 9)
    return Scores(parts, questions, cost, np.clip(order, 0.0, 100.0), order)


def _open_questions(view: View, asked: Asking, rules: Rules) -> tuple[Values, Values]:
    count, cost = np.zeros(view.size), np.zeros(view.size)
    for condition, demand, column in asked:
        if isinstance(demand, Fixed) or (condition.kind == "process" and not condition.hard):
            continue  # an operation nobody knows of already lacks in the coverage
        is_open = column == UNKNOWN
        count += is_open
        cost += is_open * (_price(view, condition, rules) if condition.hard else rules.unknown)
    return count, cost


def _price(view: View, condition: Condition, rules: Rules) -> Values | float:
    """What an open question on a must costs each row."""
    cell = speaking(condition)
    if cell is None:
        return rules.unknown_must
    price = np.where(view.cells(cell), dearest(view.index, cell, rules), rules.unknown_must)
    for value in condition.values:
        price[view.having(("likely", condition.kind, value))] = rules.unknown
    return price


def dearest(index: Index, cell: str, rules: Rules) -> float:
    """What an open must costs where the listing speaks of such things and not of this one.

    The more listings speak of them at all, the more such a silence says.
    """
    return rules.unknown_must + (rules.unknown_beside - rules.unknown_must) * index.share(cell) ** 2


def speaking(condition: Condition) -> str | None:
    """The cell that says whether a row speaks of such things at all."""
    if condition.kind == "qualification":
        return "states_qualifications"
    return "states_scale" if condition.kind == "parameter" and condition.quantity in SCALES else None


def hard_weight(condition: Condition) -> float:
    """A hard condition counts twice in the mean of its kind."""
    return _HARD_WEIGHT if condition.hard else 1.0


def _mean(view: View, asked: Asking, kinds: frozenset[str], rules: Rules) -> Values:
    """Weighted mean over the conditions of these kinds: pass 1, unknown a part, fail 0."""
    worth = np.array([0.0, rules.unknown_value, 1.0])
    values, whole = np.zeros(view.size), 0.0
    for condition, demand, column in asked:
        if condition.kind in kinds and not isinstance(demand, Fixed):
            values += hard_weight(condition) * worth[column + 1]
            whole += hard_weight(condition)
    return values / whole


def _scale(view: View, asked: Asking, rules: Rules) -> Values:
    """Mean over the parameters. Of a range of scale counts how much of it, on a logarithmic scale, lies within."""
    worth = np.array([0.0, rules.unknown_value, 1.0])
    values, whole = np.zeros(view.size), 0.0
    for condition, demand, column in asked:
        if condition.kind != "parameter" or isinstance(demand, Fixed):
            continue
        met = worth[column + 1]
        if isinstance(demand, Span) and condition.quantity in SCALES and demand.low > 0 and demand.high < np.inf:
            met = np.where(column == PASS, _overlap(view, demand), met)
        values += hard_weight(condition) * met
        whole += hard_weight(condition)
    return values / whole


def _overlap(view: View, demand: Span) -> Values:
    """The largest share of the demanded range, in orders of magnitude, that one range of a row holds; at least .1."""
    values = np.zeros(view.size)
    table = view.index.ranges.get((demand.quantity, demand.dimension))
    held = view.ranges(table) if table is not None else None
    if held is None or not len(held.owners):
        return values
    low, high = np.log(demand.low), np.log(demand.high)
    if high - low < POINT:
        low, high = low - POINT / 2, high + POINT / 2
    # Ranges that begin at nothing or below have no logarithm; they begin before anything asked for.
    lows = np.where(held.low > 0, np.log(np.maximum(held.low, np.finfo(float).tiny)), -np.inf)
    highs = np.where(held.high > 0, np.log(np.maximum(held.high, np.finfo(float).tiny)), -np.inf)
    shares = np.clip((np.minimum(highs, high) - np.maximum(lows, low)) / (high - low), POINT, 1.0)
    values[held.owners] = held.largest(shares)
    return values


def coverage(view: View, plan: Plan, columns: Sequence[Column]) -> Values:
    """How much of the operations asked for a row covers; those a hard condition names count twice."""
    values = np.zeros(view.size)
    for operation in plan.operations:
        values += operation.share * _covered(view, operation, columns, plan.rules)
    return values / sum(operation.share for operation in plan.operations)


def _covered(view: View, operation: Operation, columns: Sequence[Column], rules: Rules) -> Values:
    """How well each row covers one operation; where no token says so, its family may still tell."""
    values = np.zeros(view.size)
    if operation.families:
        near = view.cells("family") & np.uint64(operation.families) != 0
        values[near & (columns[operation.position] != FAIL)] = rules.same_family_value
    for least, token in operation.levels:
        rows = view.having(token)
        values[rows] = np.maximum(values[rows], least)
    return values


def fit(view: View, plan: Plan, asked: Asking) -> Values:
    """Same product 1; else the largest of: share of the need's rare words, same chain, neighbouring chain."""
    values = np.zeros(view.size)
    for condition, demand, column in asked:
        if condition.kind == "chain" and isinstance(demand, Membership) and not demand.excluding:
            beside = view.cells("chain") & np.uint64(plan.near_chains) != 0
            near = np.where(beside, plan.rules.near_chain_value, 0.0)
            values = np.maximum(values, np.where(column == PASS, plan.rules.same_chain_value, near))
    if plan.words:
        shared = np.zeros(view.size)
        for word, share in plan.words:
            shared[view.having_word(word)] += share
        values = np.maximum(values, np.minimum(shared, 1.0))
    for token in plan.products:
        values[view.having(token)] = 1.0
    return values


def _region(view: View, asked: Asking, home: Path, rules: Rules) -> Values:
    """Nearness to the regions asked for; where none is, to the enterprise's own place."""
    chosen = [(demand, column) for _, demand, column in asked if isinstance(demand, Place) and _asks_place(demand)]
    if not chosen:
        near = view.index.per_path(("home", home, rules), lambda path: home_worth(view.index, path, home, rules))
        return np.asarray(near[view.cells("region")])
    values = np.zeros(view.size)
    for demand, column in chosen:
        paths = demand.paths
        for code in (PASS, UNKNOWN, FAIL):
            at = column == code
            worth = view.index.per_path(("worth", paths, code, rules), _worth_of(view.index, paths, code, rules))
            values[at] += worth[view.cells("region")[at]]
    return values / len(chosen)


def _worth_of(index: Index, paths: tuple[Path, ...], code: int, rules: Rules) -> Callable[[Path], float]:
    return lambda path: place_worth(index, path, paths, code, rules)


def place_worth(index: Index, path: Path, wanted: tuple[Path, ...], code: int, rules: Rules) -> float:
    """1 inside a region asked for (`code` is the verdict), less near it; unknown is unknown."""
    if code != FAIL:
        return 1.0 if code == PASS else rules.unknown_value
    return nearness(path, wanted, index.knowledge, rules.same_province_value, rules.same_cluster_value)


def home_worth(index: Index, path: Path, home: Path, rules: Rules) -> float:
    """1 in the enterprise's own place, less in its province, cluster and country; an unknown place is unknown."""
    if not path:
        return rules.unknown_value
    if path[: len(home)] == home:
        return 1.0
    least = rules.same_country_value if path[0] == home[0] else 0.0
    near = nearness(path, (home,), index.knowledge, rules.same_province_value, rules.same_cluster_value)
    return max(least, near)
