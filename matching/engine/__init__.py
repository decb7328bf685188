"""The matching engine: facts and conditions in, explained matches out. Pure Python and numpy.

`match` ranks capabilities for a need, `OpenNeeds` ranks needs for a capability; both read the same verdicts.
Nothing here knows a database, a clock or a language of the user interface.
"""

from .excluding import LeftOut, left_out
from .index import Index
from .knowledge import Knowledge
from .learning import Likely, learn
from .matching import candidates, explain, match, rank, verdict_table
from .model import (
    CapabilityFacts,
    Component,
    Condition,
    Exclusion,
    Fact,
    Judgement,
    OpenNeed,
    Outcome,
    Ranked,
    RankedNeed,
    Relaxation,
    Result,
    Route,
    RouteStep,
    Step,
    Verdict,
    Window,
    Wish,
)
from .reversing import OpenNeeds
from .rules import ENGINE_VERSION, Rules
from .verdicts import judge
from .words import words_of

__all__ = [
    "ENGINE_VERSION",
    "CapabilityFacts",
    "Component",
    "Condition",
    "Exclusion",
    "Fact",
    "Index",
    "Judgement",
    "Knowledge",
    "LeftOut",
    "Likely",
    "OpenNeed",
    "OpenNeeds",
    "Outcome",
    "Ranked",
    "RankedNeed",
    "Relaxation",
    "Result",
    "Route",
    "RouteStep",
    "Rules",
    "Step",
    "Verdict",
    "Window",
    "Wish",
    "candidates",
    "explain",
    "judge",
    "learn",
    "left_out",
    "match",
    "rank",
    "verdict_table",
    "words_of",
]
