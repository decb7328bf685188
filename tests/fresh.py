"""What a process keeps in memory of the catalogue, made as in a process that has just begun."""

from __future__ import annotations

import pytest

from matching import catalogue
from platforms import facets
from platforms.views import row_parts


def forget_catalogue(patch: pytest.MonkeyPatch) -> None:
    """Replace each store by an empty one: they follow the catalogue clock, which a rollback turns back unseen."""
    patch.setattr(catalogue, "_catalogue", catalogue.Catalogue())
    patch.setattr(facets, "_table", facets.FacetTable())
    patch.setattr(row_parts, "_kept", row_parts.KeptParts())
