"""What a question means on one index under some rules: worked out once, before any row is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .columns import wanted_tokens
from .demands import Demand, Fixed, Membership, Place, Span, Time
from .explaining import is_must
from .index import Index, Token
from .model import Condition, Wish
from .rules import Rules

TERMS = frozenset({"qualification", "hazard", "service", "stage", "start_by", "window", "duration"})
_HARD_WEIGHT = 2.0
_ORDER = (Span, Time, Place, Membership, Fixed)
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
        return "region" in self.weights and not any(asks_place(demand) for demand in self.question.demands)

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
    is_placed = any(asks_place(demand) for demand in question.demands)
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


def asks_place(demand: Demand) -> bool:
    """Does it ask for a place, rather than rule one out?"""
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


def hard_weight(condition: Condition) -> float:
    """A hard condition counts twice in the mean of its kind."""
    return _HARD_WEIGHT if condition.hard else 1.0
