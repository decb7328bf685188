"""The life of a need: posted, submitted, edited, returned, withdrawn."""

from typing import Any

import pytest

from requests.models import Condition, Need, NeedRevision
from requests.services import (
    NeedInput,
    need_edit,
    need_open,
    need_post,
    need_return,
    need_submit,
    need_withdraw,
)
from zhongshi.accounts.actors import Actor
from zhongshi.core.errors import (
    DomainError,
    IllegalTransition,
    InvalidInput,
    KeyReused,
    NotAllowed,
    StaleTransition,
    TooLarge,
)
from zhongshi.core.models import AuditEntry, Notification, OutboxEvent

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "需要500L发酵罐做中试，必须有GMP。"
FERMENTATION = {"kind": "process", "value": "发酵", "op": "require", "hard": True, "text": "发酵罐"}


def _entered(**columns: Any) -> NeedInput:
    return NeedInput(**{"title": "发酵放大", "text": TEXT, "conditions": [FERMENTATION], **columns})


def _events() -> list[tuple[str, dict[str, Any]]]:
    # Those of matching; the words of a need are counted beside it.
    return list(
        OutboxEvent.objects.filter(handler__startswith="matching").order_by("id").values_list("topic", "payload")
    )


def test_a_posted_need_is_open_and_owed_its_scoring(enterprise: Actor) -> None:
    need, is_new = need_post(actor=enterprise, entered=_entered())

    need.refresh_from_db()
    assert is_new is True
    assert (need.status, need.revision, need.organization) == ("open", 1, enterprise.organization)
    assert need.number == f"N-{need.created_at.year}-{need.pk:04d}"
    assert _events() == [("need.opened", {"need_id": need.pk, "revision": 1})]
    moves = list(AuditEntry.objects.order_by("id").values_list("from_status", "to_status"))
    assert moves == [("draft", "submitted"), ("submitted", "open")]
    [condition] = need.conditions.all()
    assert (condition.kind, condition.value, condition.is_hard, condition.origin) == ("process", "发酵", True, "given")
    assert NeedRevision.objects.get().conditions[0]["value"] == "发酵"


def test_a_zone_that_reviews_needs_keeps_them_submitted(enterprise: Actor, zone_admin: Actor) -> None:
    enterprise.zone.opens_needs_itself = False
    enterprise.zone.save()
    need, _ = need_post(actor=enterprise, entered=_entered())
    assert (need.status, _events()) == ("submitted", [])

    need_open(actor=zone_admin, need=need)

    need.refresh_from_db()
    assert need.status == "open"
    assert [topic for topic, _ in _events()] == ["need.opened"]


def test_conditions_left_out_are_read_from_the_text(enterprise: Actor) -> None:
    need, _ = need_post(actor=enterprise, entered=_entered(conditions=None))

    kinds = set(need.conditions.values_list("kind", "origin"))
    assert {("process", "read"), ("parameter", "read"), ("qualification", "read")} <= kinds
    for condition in need.conditions.all():
        words = f"{need.title}\n{need.text}"
        assert words[condition.span_start : condition.span_end] == condition.text


def test_a_budget_becomes_a_condition(enterprise: Actor) -> None:
    need, _ = need_post(actor=enterprise, entered=_entered(budget=600_000))

    budget = need.conditions.get(kind="budget")
    assert (budget.quantity, budget.low, budget.high, budget.unit, budget.op) == (
        "budget",
        None,
        600_000,
        "CNY",
        "overlaps",
    )


def test_the_same_key_gives_the_same_need(enterprise: Actor, enterprise2: Actor) -> None:
    first, is_new = need_post(actor=enterprise, entered=_entered(), idempotency_key="k1")
    again, is_new_again = need_post(actor=enterprise, entered=_entered(), idempotency_key="k1")
    elsewhere, is_new_elsewhere = need_post(actor=enterprise2, entered=_entered(), idempotency_key="k1")

    assert (first.pk, is_new, is_new_again, is_new_elsewhere) == (again.pk, True, False, True)
    assert elsewhere.pk != first.pk
    assert Need.objects.count() == 2


def test_a_key_with_another_body_is_refused(enterprise: Actor) -> None:
    need_post(actor=enterprise, entered=_entered(), idempotency_key="k1")

    with pytest.raises(KeyReused):
        need_post(actor=enterprise, entered=_entered(title="别的"), idempotency_key="k1")

    assert Need.objects.count() == 1


@pytest.mark.parametrize(
    ("columns", "error", "fields"),
    [
        ({"text": ""}, InvalidInput, {"text"}),
        ({"text": " \n", "title": ""}, InvalidInput, {"text", "title"}),
        ({"title": "长" * 201}, InvalidInput, {"title"}),
        ({"text": "字" * 50_000}, TooLarge, {"text"}),
        ({"visibility": "secret"}, InvalidInput, {"visibility"}),
        ({"budget": -1}, InvalidInput, {"budget"}),
        ({"conditions": [{"kind": "colour", "value": "red"}]}, InvalidInput, {"conditions.0.kind"}),
        ({"conditions": [FERMENTATION, {"kind": "process", "value": ""}]}, InvalidInput, {"conditions.1.value"}),
        ({"conditions": [FERMENTATION] * 61}, InvalidInput, {"conditions"}),
        (
            {"conditions": [{"kind": "parameter", "quantity": "volume", "min": 5, "max": 1, "unit": "kg"}]},
            InvalidInput,
            {"conditions.0.max", "conditions.0.unit"},
        ),
        (
            {"conditions": [{"kind": "parameter", "quantity": "volume", "unit": "L"}]},
            InvalidInput,
            {"conditions.0.min"},
        ),
        ({"conditions": [{"kind": "start_by", "value": "soon"}]}, InvalidInput, {"conditions.0.value"}),
        ({"conditions": ["发酵"]}, InvalidInput, {"conditions.0"}),
    ],
)
def test_what_cannot_be_a_need_names_its_fields(
    enterprise: Actor, columns: dict[str, Any], error: type[DomainError], fields: set[str]
) -> None:
    with pytest.raises(error) as refused:
        need_post(actor=enterprise, entered=_entered(**columns))

    assert set(refused.value.errors or {}) == fields
    assert (Need.objects.count(), OutboxEvent.objects.count()) == (0, 0)


@pytest.mark.parametrize("person", ["operator", "zone_admin"])
def test_only_enterprises_post(person: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        need_post(actor=request.getfixturevalue(person), entered=_entered())


def test_a_draft_may_be_empty_and_is_submitted_later(enterprise: Actor) -> None:
    need, _ = need_post(actor=enterprise, entered=_entered(text="", conditions=None), as_draft=True)
    assert (need.status, _events()) == ("draft", [])
    with pytest.raises(InvalidInput):
        need_submit(actor=enterprise, need=need)

    need = need_edit(actor=enterprise, need=need, revision=1, entered=_entered())
    need_submit(actor=enterprise, need=need)

    need.refresh_from_db()
    assert (need.status, need.revision) == ("open", 2)
    assert _events() == [("need.opened", {"need_id": need.pk, "revision": 2})]


def test_an_edit_makes_a_revision_and_scores_again(enterprise: Actor) -> None:
    need, _ = need_post(actor=enterprise, entered=_entered())

    need_edit(actor=enterprise, need=need, revision=1, entered=_entered(title="改后", conditions=[]))

    need.refresh_from_db()
    assert (need.title, need.revision) == ("改后", 2)
    assert Condition.objects.count() == 0
    kept = list(NeedRevision.objects.order_by("number").values_list("number", "title"))
    assert kept == [(1, "发酵放大"), (2, "改后")]
    assert [payload["revision"] for _, payload in _events()] == [1, 2]


def test_an_edit_of_an_older_revision_is_stale_and_loses_nothing(enterprise: Actor) -> None:
    need, _ = need_post(actor=enterprise, entered=_entered())
    need_edit(actor=enterprise, need=need, revision=1, entered=_entered(title="改后"))

    with pytest.raises(StaleTransition):
        need_edit(actor=enterprise, need=need, revision=1, entered=_entered(title="太晚"))

    need.refresh_from_db()
    assert (need.title, need.revision) == ("改后", 2)


def test_a_withdrawn_need_is_over(enterprise: Actor) -> None:
    need, _ = need_post(actor=enterprise, entered=_entered())
    need = need_withdraw(actor=enterprise, need=need, note="项目取消")

    assert need.status == "withdrawn"
    assert _events()[-1] == ("need.closed", {"need_id": need.pk})
    with pytest.raises(IllegalTransition):
        need_withdraw(actor=enterprise, need=need)
    with pytest.raises(IllegalTransition):
        need_edit(actor=enterprise, need=need, revision=1, entered=_entered())


@pytest.mark.parametrize("person", ["enterprise2", "operator", "other_zone_admin"])
def test_strangers_change_nothing(enterprise: Actor, person: str, request: pytest.FixtureRequest) -> None:
    need, _ = need_post(actor=enterprise, entered=_entered())
    actor = request.getfixturevalue(person)

    for attempt in (
        lambda: need_edit(actor=actor, need=need, revision=1, entered=_entered(title="x")),
        lambda: need_withdraw(actor=actor, need=need),
        lambda: need_return(actor=actor, need=need, note="x"),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    need.refresh_from_db()
    assert (need.status, need.revision) == ("open", 1)


def test_a_returned_need_tells_its_owner_and_comes_back(enterprise: Actor, zone_admin: Actor) -> None:
    need, _ = need_post(actor=enterprise, entered=_entered())

    need = need_return(actor=zone_admin, need=need, note="请补充规模")

    assert need.status == "returned"
    notice = Notification.objects.get(event="need.returned")
    assert (notice.recipient, notice.params["note"]) == (enterprise.user, "请补充规模")
    need = need_edit(actor=enterprise, need=need, revision=1, entered=_entered())
    assert need_submit(actor=enterprise, need=need).status == "open"


def test_returning_needs_a_note(enterprise: Actor, zone_admin: Actor) -> None:
    need, _ = need_post(actor=enterprise, entered=_entered())

    with pytest.raises(InvalidInput):
        need_return(actor=zone_admin, need=need, note="")
