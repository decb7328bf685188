"""One condition relaxed as the engine proposes, or taken back: a new revision through the need's own service."""

from __future__ import annotations

from matching.models import ScoringRun
from matching.relaxed import relaxed_records, same_proposal
from matching.selectors import newest_run
from requests.models import Need, NeedRevision
from requests.records import condition_record
from requests.services.needs import need_edit
from requests.services.patching import need_patched
from zhongshi.accounts.actors import Actor
from zhongshi.core.errors import StaleTransition


def need_relax(*, actor: Actor, need: Need, revision: int, proposal: str) -> Need:
    """Write the need's next revision with one condition relaxed; it is scored again at once.

    `proposal` is the key of one of the newest scoring's relaxations. Raises StaleTransition where `revision` is no
    longer the newest or the scoring no longer proposes it, else what `need_edit` raises.
    """
    run = newest_run(need)
    chosen = next((item for item in _proposals(run) if same_proposal(item, proposal)), None)
    if chosen is None or need.revision != revision:
        raise StaleTransition
    records = relaxed_records([condition_record(row) for row in need.conditions.all()], chosen)
    return need_edit(actor=actor, need=need, revision=revision, entered=need_patched(need, {"conditions": records}))


def need_restore(*, actor: Actor, need: Need, revision: int) -> Need:
    """Write the conditions of the revision before `revision` as the next one. Raises StaleTransition, and what
    `need_edit` raises.
    """
    kept = NeedRevision.objects.filter(need=need, number=revision - 1).first()
    if kept is None or need.revision != revision:
        raise StaleTransition
    return need_edit(
        actor=actor, need=need, revision=revision, entered=need_patched(need, {"conditions": kept.conditions})
    )


def _proposals(run: ScoringRun | None) -> list[dict[str, object]]:
    return run.relaxations if run else []
