"""Answers to the reader's questions, typed beside them: each becomes a condition to confirm."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.http import QueryDict

from requests.forms import row_of
from requests.records import NUMERIC
from requests.services.reading import need_read
from requests.words import condition_value
from zhongshi.core.errors import DomainError
from zhongshi.vocabulary.labels import kind_label, quantity_label
from zhongshi.vocabulary.reading import Question

from .sheet import Sheet, asked_again, empty_row, sent_sheet, with_rows

PREFIX = "ask-"
MOST_ASKED = 3
_LONGEST = 200


def is_answered(posted: QueryDict) -> bool:
    """Whether something stands beside one of the questions."""
    return any(name.startswith(PREFIX) and str(said).strip() for name, said in posted.items())


def with_answers(posted: QueryDict) -> tuple[Sheet, list[str]]:
    """The sheet with a row for each answered question, and the answers no condition could be made of."""
    rows: list[dict[str, Any]] = []
    unclear: list[str] = []
    for question in asked_again(sent_sheet(posted)).questions:
        said = posted.get(f"{PREFIX}{question.code}", "").strip()[:_LONGEST]
        if said:
            found = _rows_of(question, said)
            rows += found or [empty_row(question.kind, question.quantity or "")]
            unclear += [] if found else [said]
    return with_rows(posted, rows), unclear


def question_label(question: Question) -> str:
    """What is asked for, in a word or two."""
    return quantity_label(question.quantity) if question.quantity else kind_label(question.kind)


def _rows_of(question: Question, said: str) -> list[dict[str, Any]]:
    """What the reader finds in the answer, after the words of its question; else the answer itself as a value."""
    with suppress(DomainError):
        reading = need_read(title="", text=f"{question_label(question)}：{said}")
        records = [condition.to_exchange() for condition in reading.conditions if condition.kind == question.kind]
        if records:
            return [row_of(record) for record in records]
    if question.kind in NUMERIC:
        return []
    return [row_of({"kind": question.kind, "op": "require", "value": condition_value(question.kind, said)})]
