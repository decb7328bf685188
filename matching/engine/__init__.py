"""The matching engine: facts and conditions in, explained matches out. Pure Python and numpy.

`match` ranks capabilities for a need, `reverse` ranks needs for a capability; both read the same verdicts.
Nothing here knows a database, a clock or a language of the user interface.
"""

from .index import Index
from .knowledge import Knowledge
from .matching import Asked, candidates, match, reverse, verdict_table
from .model import (
    CapabilityFacts,
    Component,
    Condition,
    Exclusion,
    Fact,
    Judgement,
    OpenNeed,
    Outcome,
    RankedNeed,
    Relaxation,
    Result,
    Route,
    RouteStep,
    Step,
    Verdict,
    Window,
)
from .rules import ENGINE_VERSION, Rules
from .verdicts import judge
from .words import words_of

__all__ = [
    "ENGINE_VERSION",
    "Asked",
    "CapabilityFacts",
    "Component",
    "Condition",
    "Exclusion",
    "Fact",
    "Index",
    "Judgement",
    "Knowledge",
    "OpenNeed",
    "Outcome",
    "RankedNeed",
    "Relaxation",
    "Result",
    "Route",
    "RouteStep",
    "Rules",
    "Step",
    "Verdict",
    "Window",
    "candidates",
    "judge",
    "match",
    "reverse",
    "verdict_table",
    "words_of",
]
