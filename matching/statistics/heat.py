"""The coverage table of a zone's dashboard: chains × stages, where zero is a gap (缺口)."""

from __future__ import annotations

from dataclasses import dataclass

from matching.coverage import UNSTATED, Cell, coverage
from platforms.coverage import stage_codes
from zhongshi.accounts.models import Zone
from zhongshi.vocabulary.enums import TermKind
from zhongshi.vocabulary.models import Term

# The least number of capabilities of the levels 1 to 5; 0 is a gap.
LEVELS = (1, 3, 7, 12, 17)


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One stage of one chain; `level` 0 (a gap) to 5."""

    stage: str
    capabilities: int
    open_needs: int
    unmet_needs: int

    @property
    def level(self) -> int:
        return sum(self.capabilities >= least for least in LEVELS)


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One chain with its code for addresses; `unstated` capabilities do not say their stage."""

    chain: str
    code: str
    cells: list[HeatCell]
    unstated: HeatCell

    @property
    def is_blank(self) -> bool:
        """Whether nobody offers anything and nobody asks for anything here."""
        return not any(
            cell.capabilities or cell.open_needs or cell.unmet_needs for cell in [*self.cells, self.unstated]
        )

    @property
    def gaps(self) -> int:
        return sum(cell.level == 0 for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Heat:
    """`blank` chains have neither listings nor needs: no gap, just not this zone's trade."""

    stages: list[str]
    rows: list[HeatRow]
    blank: list[HeatRow]

    @property
    def gaps(self) -> int:
        return sum(row.gaps for row in self.rows)


def heat_of(zone: Zone, *, all_supply: bool = False, chain: str = "") -> Heat:
    """Published capabilities of the zone's own platforms, or of all zones; needs of the zone only."""
    table = coverage(supply=None if all_supply else zone, demand=zone)
    codes = dict(Term.objects.filter(kind=TermKind.CHAIN).values_list("name_zh", "code"))
    stages = stage_codes()
    rows = [_row(name, codes.get(name, name), table[name], stages) for name in table if chain in ("", name)]
    full = [row for row in rows if not row.is_blank]
    return Heat(stages, full, [row for row in rows if row.is_blank])


def _row(chain: str, code: str, cells: dict[str, Cell], stages: list[str]) -> HeatRow:
    found = [_cell(stage, cells.get(stage)) for stage in stages]
    return HeatRow(chain, code, found, _cell(UNSTATED, cells.get(UNSTATED)))


def _cell(stage: str, cell: Cell | None) -> HeatCell:
    return HeatCell(stage, **cell) if cell else HeatCell(stage, 0, 0, 0)
