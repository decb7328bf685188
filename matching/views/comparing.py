"""Up to four matches of one need side by side, with what the need asks in the first column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from matching.selectors import shown_matches
from requests.views.frame import show, workspace_page
from zhongshi.accounts.actors import Actor
from zhongshi.vocabulary.labels import ConditionLabel, condition_label

from .arranging import stated_of
from .cards import Card, Judged, Record, cards_of
from .needs import BOTH, frame, need_of

MOST = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One condition across the compared matches; `differs` where the verdicts are not all the same."""

    label: ConditionLabel
    is_hard: bool
    cells: Sequence[Judged | None]

    @property
    def differs(self) -> bool:
        return len({cell.verdict if cell else "" for cell in self.cells}) > 1


@workspace_page(*BOTH)
@require_GET
def compare(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """`?m=` once per match; more than four are cut to the first four, and the page says so."""
    need = need_of(actor, number)
    wanted = _wanted(request.GET.getlist("m"))
    context = frame(actor, need)
    found = {card.match.uuid: card for card in cards_of(shown_matches(need).filter(uuid__in=wanted), need=need)}
    cards = [found[one] for one in wanted if one in found][:MOST]
    context |= {
        "cards": cards,
        "lines": lines_of(cards, context["conditions"]),
        "stated": stated_of(cards, need, context["conditions"], with_distance=True),
        "is_cut": len(found) > MOST,
        "most": MOST,
        "only_differing": request.GET.get("only") == "differing",
    }
    return show(request, "matching/compare.html", context)


def lines_of(cards: Sequence[Card], conditions: Sequence[Record]) -> list[Line]:
    """One line per condition of the need; empty where a match was judged by an older revision that said otherwise."""
    judged = [{str(line.label): line for line in card.judged} for card in cards]
    labels = [condition_label(record) for record in conditions]
    return [Line(label, label.is_hard, [known.get(str(label)) for known in judged]) for label in labels]


def _wanted(given: Sequence[str]) -> list[UUID]:
    wanted: dict[UUID, None] = {}
    for text in given[: 4 * MOST]:
        try:
            wanted[UUID(text)] = None
        except ValueError:
            continue
    return list(wanted)
