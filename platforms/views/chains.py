"""The industry chains: how many capabilities at each stage, where nobody is, and who stands where."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from platforms.coverage import count_coverage, stage_codes
from platforms.models import Capability
from platforms.search import Search, count_facets, find_capabilities
from zhongshi.vocabulary.enums import TermKind
from zhongshi.vocabulary.models import Term

from .comparing import tray_for

SHOWN = 6
# What each level of the heat scale begins with.
HEAT = (1, 3, 7, 12, 17)


@dataclass(frozen=True, slots=True)
class StageOfChain:
    """A stage: how many capabilities name it, the first of them, its level of the heat scale (0: a gap)."""

    code: str
    count: int
    level: int
    rows: list[Capability]


@login_not_required
@require_safe
def chain_list(request: HttpRequest) -> HttpResponse:
    """Chains against stages: how many published capabilities, and where nobody is."""
    stages = stage_codes()
    codes = _codes()
    rows = [
        (row, codes.get(row.chain, row.chain), [(stage, *_cell(row.stages.get(stage, 0))) for stage in stages])
        for row in count_coverage()
    ]
    context = {
        "stages": stages,
        "rows": rows,
        "levels": [(f"h{n}", _range(n)) for n in range(1, len(HEAT) + 1)],
        "gap_count": sum(not number for row, _code, cells in rows if row.total for _stage, number, _level in cells),
    }
    return render(request, "platforms/chain_list.html", context)


@login_not_required
@require_safe
def chain_page(request: HttpRequest, chain: str) -> HttpResponse:
    """One chain from stage to stage with the first capabilities of each. 404 for a chain nobody knows."""
    name = next((name for name, code in _codes().items() if chain in (code, name)), chain)
    search = Search(chain=(name,))
    total = count_facets(Search())["chain"].get(name, 0)
    if not total and name not in _codes():
        raise Http404
    counts = count_facets(search)["stage"]
    context = {
        "chain": name,
        "total": total,
        "stages": [_stage(name, code, counts.get(code, 0)) for code in stage_codes()],
        "not_stated": find_capabilities(search).exclude(facts__kind="stage", facts__is_negated=False).count(),
        **tray_for(request),
    }
    return render(request, "platforms/chain.html", context)


def _stage(chain: str, code: str, number: int) -> StageOfChain:
    found = find_capabilities(Search(chain=(chain,), stage=(code,))).select_related("platform")
    return StageOfChain(code, number, _cell(number)[1], list(found[:SHOWN]) if number else [])


def _codes() -> dict[str, str]:
    """The vocabulary's chains: Chinese name to code."""
    return dict(Term.objects.filter(kind=TermKind.CHAIN).order_by("pk").values_list("name_zh", "code"))


def _cell(number: int) -> tuple[int, int]:
    """The number and its level of the heat scale, 0 (gap) to 5."""
    return number, sum(number >= bound for bound in HEAT)


def _range(level: int) -> str:
    """The numbers of a level: 3–5, the last ≥ 21."""
    low = HEAT[level - 1]
    return f"≥ {low}" if level == len(HEAT) else f"{low}–{HEAT[level] - 1}"
