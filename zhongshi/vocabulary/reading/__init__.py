"""Reading Chinese and English text into facts and conditions: pure Python, no Django, no clock, no disk but the CSVs.

`read_need` and `read_capability` are the two doors; a `Lexicon` says which words are known.
"""

from .capability import canonical_region, read_capability, read_text
from .entries import Form, Found, Term
from .lexicon import Lexicon, load_default_lexicon
from .model import Condition, Fact, NeedReading, Question
from .need import read_need
from .units import to_base

READER_VERSION = "2"

__all__ = [
    "READER_VERSION",
    "Condition",
    "Fact",
    "Form",
    "Found",
    "Lexicon",
    "NeedReading",
    "Question",
    "Term",
    "canonical_region",
    "load_default_lexicon",
    "read_capability",
    "read_need",
    "read_text",
    "to_base",
]
