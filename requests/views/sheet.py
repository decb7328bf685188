"""The sheet on which a need is written: what was typed, what was read from it, what is wrong with it.

Between two clicks everything lives in the form itself: nothing typed is lost and nothing is stored unasked.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from requests.enums import Visibility
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
from requests.models import Need, NeedDraft
from requests.records import NUMERIC, condition_record, problems_of
from requests.services import NeedInput
from requests.services.reading import need_read
from requests.services.suggesting import need_suggest
from requests.words import condition_value, region_choices
from zhongshi.core.errors import DomainError
from zhongshi.vocabulary.enums import ConditionKind
from zhongshi.vocabulary.reading import Question

_TYPED = ("title", "text", "region", "budget", "visibility")
_ROW = "row"
_HEAD = (*_TYPED, "key", "revision", "saves")


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
        quantities = {str(row["quantity"].value() or "") for row in self._counted()}
        left = [question for question in self.questions if question.kind not in kinds]
        return [question for question in left if not question.quantity or question.quantity not in quantities]

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

    @property
    def is_bare(self) -> bool:
        """Whether nothing has been written yet."""
        return not any(words_of(self).values()) and not self.rows

    def typed(self) -> dict[str, Any]:
        """The sheet as it stands, to be kept with a draft."""
        head = {name: self.head[name].value() for name in _TYPED}
        return {"head": head, "rows": None if self.rows is None else [_kept_row(row) for row in self._known()]}

    def usable(self) -> tuple[list[dict[str, Any]], int]:
        """Conditions of the rows as they stand, without those to be removed, and how many cannot be read."""
        kept = [record for row in self.rows or () if (record := _record(row)) is not None]
        usable = [record for record in kept if record and not problems_of(record)]
        return usable, len(kept) - len(usable)

    def as_draft(self, *, country: str = "CN") -> NeedInput:
        """As much of the sheet as can be a need now."""
        words = words_of(self)
        visibility = self.head["visibility"].value()
        whole = f"{words['title']}\n{words['text']}"
        return NeedInput(
            title=words["title"],
            text=words["text"],
            conditions=[_placed(record, whole) for record in self.usable()[0]],
            country=country,
            region=self._region(),
            budget=self._budget(),
            visibility=visibility if visibility in Visibility.values else Visibility.MATCHED,
        )

    def _region(self) -> str:
        region = str(self.head["region"].value() or "")
        return region if region in {code for code, _name in region_choices()} else ""

    def _budget(self) -> float | None:
        if self.has_budget_row:
            return None
        form = _head({}, {"budget": self.head["budget"].value() or "", "visibility": Visibility.MATCHED})
        return form.cleaned_data["budget"] or None if form.is_valid() else None

    def _known(self) -> list[ConditionForm]:
        return [row for row in self.rows or () if row.kind_now in ConditionKind.values]

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


def _record(row: ConditionForm) -> dict[str, Any] | None:
    """The row's condition, {} where it cannot be read, None where it is not to count."""
    if not row.is_bound:
        typed = {f"{_ROW}-{name}": value for name, value in row.raw.items() if value not in (None, False)}
        row = ConditionForm(typed, prefix=_ROW)
    if row["remove"].value() or row.is_only_proposed:
        return None
    return row.record() if row.is_valid() else {}


def _kept_row(row: ConditionForm) -> dict[str, Any]:
    return dict(row.raw)


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
    """A stored need, ready to be edited; a draft as its sheet was left."""
    hidden = {"revision": need.revision, "key": str(uuid.uuid4())}
    kept = NeedDraft.objects.filter(need=need).first()
    if kept is not None and "head" in kept.typed:
        rows = kept.typed["rows"]
        return Sheet(
            _head({**kept.typed["head"], **hidden, "saves": kept.saves}), None if rows is None else _rows(rows)
        )
    initial = {"title": need.title, "text": need.text, "region": need.region, "visibility": need.visibility}
    read = [row_of_reading(condition_record(row)) for row in need.conditions.all()]
    return Sheet(_head({**initial, **hidden}), _rows(read))


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


def asked_again(sheet: Sheet) -> Sheet:
    """The sheet with the questions its words leave open; it has none of its own after anything but reading."""
    if sheet.rows is not None and not sheet.questions and words_of(sheet)["text"]:
        with suppress(DomainError):
            sheet.questions = need_read(**words_of(sheet)).questions
    return sheet


def with_row(posted: QueryDict, kind: str, quantity: str = "") -> Sheet:
    """The same sheet with one more row of `kind`, to be filled in."""
    rows = _typed_rows(sent_sheet(posted))
    if kind in ConditionKind.values:
        rows.append(empty_row(kind, quantity))
    return Sheet(_head(_typed_head(posted)), _rows(rows))


def with_rows(posted: QueryDict, further: Sequence[dict[str, Any]]) -> Sheet:
    """The same sheet with `further` rows below."""
    return Sheet(_head(_typed_head(posted)), _rows([*_typed_rows(sent_sheet(posted)), *further]))


def empty_row(kind: str, quantity: str) -> dict[str, Any]:
    """A row to be filled in."""
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
