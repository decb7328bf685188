"""The sheet on which a need is written: what was typed, what was read from it, what is wrong with it.

Between two clicks everything lives in the form itself: nothing typed is lost and nothing is stored unasked.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from requests.forms import (
    PREFIX,
    BaseConditionFormSet,
    ConditionForm,
    NeedForm,
    edited,
    original_of,
    row_of,
    row_of_reading,
)
from requests.marking import Piece, marked, place_of
from requests.models import Need
from requests.records import NUMERIC, condition_record
from requests.services import NeedInput
from requests.services.reading import need_read
from requests.services.suggesting import need_suggest
from requests.words import condition_value, region_choices
from zhongshi.core.errors import DomainError
from zhongshi.vocabulary.enums import ConditionKind
from zhongshi.vocabulary.reading import Question

_HEAD = ("title", "text", "region", "budget", "visibility", "key", "revision")


@dataclass(slots=True)
class Sheet:
    """One state of the sheet. `rows` is None until the text has been read or a row was added."""

    head: NeedForm
    rows: Any | None = None
    questions: Sequence[Question] = field(default=())
    refusal: DomainError | None = None
    newest: Need | None = None

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Every complaint with the id of the control it belongs to, "" for the sheet as a whole."""
        found = _problems_of(self.head) if self.head.is_bound else []
        if self.rows is not None and self.rows.is_bound:
            found += [("", message) for message in self.rows.non_form_errors()]
            found += [problem for row in self.rows for problem in _problems_of(row)]
        if self.refusal is not None and not found:
            found.append(("", str(self.refusal.detail)))
        return found

    @property
    def pieces(self) -> tuple[list[Piece], list[Piece]]:
        """Title and text as typed, the words of each row marked."""
        title, text = str(self.head["title"].value() or "").strip(), str(self.head["text"].value() or "").strip()
        originals = [row.original for row in self._counted()]
        return marked(title, text.replace("\r\n", "\n"), originals)

    @property
    def open_questions(self) -> list[Question]:
        """The reader's questions that no row answers yet."""
        kinds = {row.kind_now for row in self._counted()} - {ConditionKind.PARAMETER}
        return [question for question in self.questions if question.kind not in kinds]

    @property
    def has_budget_row(self) -> bool:
        return any(row.kind_now == ConditionKind.BUDGET for row in self._counted())

    def entered(self, *, country: str = "CN") -> NeedInput | None:
        """What the service takes, or None while a field is not even readable."""
        is_readable = self.head.is_valid()
        if self.rows is not None:
            is_readable = self.rows.is_valid() and is_readable
        if not is_readable:
            return None
        head = self.head.cleaned_data
        whole = f"{head['title']}\n{head['text']}"
        return NeedInput(
            title=head["title"],
            text=head["text"],
            conditions=None if self.rows is None else [_placed(row.record(), whole) for row in self._kept()],
            country=country,
            region=head["region"],
            budget=None if self.has_budget_row else head["budget"] or None,
            visibility=head["visibility"],
        )

    def set_hidden(self, name: str, value: Any) -> None:
        """Change what the page sends along unseen; for a sheet that was sent."""
        self.head.data = {**{key: self.head.data.get(key) for key in _HEAD}, name: str(value)}

    @property
    def size(self) -> int:
        """How many conditions there are now; suggestions nobody has ticked are none."""
        return len(self._counted())

    def _counted(self) -> list[ConditionForm]:
        """Without suggestions nobody has ticked."""
        return [row for row in self.rows or () if not row.is_only_proposed]

    def _kept(self) -> list[ConditionForm]:
        return [row for row in self._counted() if not row.cleaned_data["remove"]]

    def refuse(self, refusal: DomainError) -> None:
        """Put the service's complaints beside the fields they name."""
        self.refusal = refusal
        kept = self._kept() if self.rows is not None and self.rows.is_bound else []
        for name, messages in (refusal.errors or {}).items():
            form, control = _control(self.head, kept, name)
            for message in messages:
                form.add_error(control, str(message))


def _placed(record: dict[str, Any], whole: str) -> dict[str, Any]:
    """The record with the place its words have in the text as it is now, without one where they are gone."""
    place = place_of(whole, record)
    if place is None:
        return {name: part for name, part in record.items() if name != "span"}
    return record | {"span": list(place)} if "span" in record else record


def _problems_of(form: Any) -> list[tuple[str, str]]:
    return [
        (form[name].id_for_label or f"id_{form.add_prefix(name)}" if name in form.fields else "", message)
        for name, messages in form.errors.items()
        for message in messages
    ]


def _control(head: NeedForm, rows: Sequence[ConditionForm], name: str) -> tuple[Any, str | None]:
    """The form and field for an error such as `title` or `conditions.2.unit`."""
    parts = name.split(".")
    if parts[0] == PREFIX and len(parts) > 1 and parts[1].isdigit() and int(parts[1]) < len(rows):
        row = rows[int(parts[1])]
        return row, parts[2] if len(parts) > 2 and parts[2] in row.fields else None
    return head, name if name in head.fields else None


def blank_sheet() -> Sheet:
    """An empty sheet with a key of its own: sent twice, it becomes one need."""
    return Sheet(_head({"key": str(uuid.uuid4()), "visibility": "matched"}))


def sheet_of(need: Need) -> Sheet:
    """A stored need, ready to be edited."""
    initial = {"title": need.title, "text": need.text, "region": need.region, "visibility": need.visibility}
    rows = [row_of_reading(condition_record(row)) for row in need.conditions.all()]
    return Sheet(_head({**initial, "revision": need.revision}), _rows(rows))


def sent_sheet(posted: QueryDict) -> Sheet:
    """What was sent, to be checked."""
    rows = BaseConditionFormSet(posted, prefix=PREFIX) if f"{PREFIX}-TOTAL_FORMS" in posted else None
    return Sheet(NeedForm(posted, regions=region_choices()), rows)


def read_again(posted: QueryDict) -> Sheet:
    """Read the text as it is now. Rows made or changed by hand stay; of the others, those still in the text.

    Raises InvalidInput or TooLarge where there is nothing to read.
    """
    sheet = sent_sheet(posted)
    reading = need_read(**words_of(sheet))
    fresh = [row_of_reading(condition.to_exchange() | {"origin": "read"}) for condition in reading.conditions]
    rows = _merged(_typed_rows(sheet), fresh)
    head = _typed_head(posted)
    return Sheet(_head(head), _rows(_with_budget(rows, head)), reading.questions)


def words_of(sheet: Sheet) -> dict[str, str]:
    """Title and text as they are read: without blanks at the ends, one character for each line end."""
    return {name: str(sheet.head[name].value() or "").strip().replace("\r\n", "\n") for name in ("title", "text")}


def with_suggestions(posted: QueryDict) -> tuple[Sheet, int]:
    """The sheet read again, with what the assistant suggests as rows that wait for a tick, and how many these are.

    Raises InvalidInput or TooLarge where there is nothing to read, NoAnswer where nothing is suggested in time.
    """
    sheet = read_again(posted)
    rows = _typed_rows(sheet)
    known = [{**row, "value": condition_value(row["kind"], str(row["value"] or ""))} for row in rows]
    suggested = [row_of_reading(record) for record in need_suggest(**words_of(sheet), known=known)]
    return Sheet(sheet.head, _rows([*rows, *suggested]), sheet.questions), len(suggested)


def with_row(posted: QueryDict, kind: str, quantity: str = "") -> Sheet:
    """The same sheet with one more row of `kind`, to be filled in."""
    rows = _typed_rows(sent_sheet(posted))
    if kind in ConditionKind.values:
        rows.append(_empty_row(kind, quantity))
    return Sheet(_head(_typed_head(posted)), _rows(rows))


def _empty_row(kind: str, quantity: str) -> dict[str, Any]:
    op = "overlaps" if kind in {ConditionKind.BUDGET, ConditionKind.DURATION} else "covers"
    numeric = {"op": op if kind in NUMERIC else "require", "quantity": quantity if kind in NUMERIC else ""}
    return row_of({"kind": kind, **numeric, "unit": "CNY" if kind == ConditionKind.BUDGET else ""})


def _merged(typed: Sequence[dict[str, Any]], fresh: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    known = {_key(row): row for row in typed if original_of(row)}
    merged = [{**known.pop(_key(row), row), "read": row["read"]} for row in fresh]
    left = [row for row in typed if not original_of(row) or (_key(row) in known and (row.get("take") or edited(row)))]
    return merged + left


def _key(row: Mapping[str, Any]) -> tuple[str, str, str]:
    original = original_of(row)
    return original.get("kind", ""), str(original.get("quantity") or ""), original.get("text", "")


def _with_budget(rows: list[dict[str, Any]], head: dict[str, Any]) -> list[dict[str, Any]]:
    """Move a typed budget into the table, in place of one that was only read: what was typed counts."""
    form = _head({}, {**head, "visibility": "matched"})
    if not form.is_valid() or not form.cleaned_data["budget"]:
        return rows
    record = {"kind": "budget", "quantity": "budget", "max": form.cleaned_data["budget"], "unit": "CNY"}
    head["budget"] = ""
    others = [row for row in rows if row["kind"] != ConditionKind.BUDGET or not original_of(row) or edited(row)]
    return [*others, row_of({**record, "op": "overlaps"})]


def _typed_rows(sheet: Sheet) -> list[dict[str, Any]]:
    return [row.raw for row in sheet.rows or ()]


def _typed_head(posted: QueryDict) -> dict[str, Any]:
    return {name: posted.get(name, "") for name in _HEAD}


def _head(initial: dict[str, Any], sent: dict[str, Any] | None = None) -> NeedForm:
    return NeedForm(sent, initial=initial, regions=region_choices())


def _rows(rows: Iterable[dict[str, Any]]) -> Any:
    return BaseConditionFormSet(initial=list(rows), prefix=PREFIX)
