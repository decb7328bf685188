"""A new route is asked as soon as it is there; where its address names a new kind of row, this says so."""

from __future__ import annotations

from .asking import address
from .routes import routes
from .world import World


def test_every_address_can_be_filled_with_known_rows(two_worlds: World) -> None:
    unnamed = []
    for route, _view in routes():
        try:
            address(route, two_worlds.ids)
        except LookupError as missing:
            unnamed.append(str(missing))

    assert unnamed == [], "give these rows in world.py, hidden.py and asking.NAMES"
