"""When the races are run: half of them while the needs are posted and the faults fall, half in the quiet after."""

from __future__ import annotations

import itertools
import threading
from contextlib import closing

import httpx2

from .clients import Posted, client_of
from .rivals import Rivalry, answer_leads, edit_need, is_there

# Enterprises post in turn; the first client's needs are "enterprise"'s.
_OWNER, _OPERATOR = "enterprise", "operator"


class Races:
    """Races over leads and edits, counted together. `leads` and `edits` are how many in all."""

    def __init__(self, url: str, posted: Posted, *, leads: int, edits: int, hands: int) -> None:
        self._url, self._posted, self._hands = url, posted, hands
        self._wanted = {"leads": leads, "edits": edits}
        self._over = threading.Event()
        self._edited: set[str] = set()
        self.leads, self.edits = Rivalry(), Rivalry()
        self.errors: list[str] = []
        self._thread = threading.Thread(target=self._beside, daemon=True)

    def start(self) -> None:
        """Begin the half that runs beside the faults."""
        self._thread.start()

    def finish(self) -> None:
        """End the first half and run what is missing of the whole."""
        self._over.set()
        self._thread.join(300)
        self._run(self._wanted["leads"], self._wanted["edits"])

    def _beside(self) -> None:
        half = {name: number // 2 for name, number in self._wanted.items()}
        while not self._over.wait(1.0):
            if self.leads.races >= half["leads"] and self.edits.races >= half["edits"]:
                return
            self._run(min(half["leads"], self.leads.races + 1), min(half["edits"], self.edits.races + 1))

    def _run(self, leads: int, edits: int) -> None:
        """Race until so many have been run, as far as there are rows to race for."""
        try:
            if self.edits.races < edits:
                self._edit(edits - self.edits.races)
            if self.leads.races < leads:
                with closing(client_of(self._url, _OPERATOR)) as client:
                    answer_leads(client, leads - self.leads.races, self._hands, self.leads)
        except (AssertionError, httpx2.HTTPError) as error:
            self.errors.append(f"a race could not be run: {error!r}")

    def _edit(self, number: int) -> None:
        """Edit needs of one's own that nobody has edited, newest first: some are being scored just now."""
        fresh = (need for need in reversed(self._posted.harmless()) if need not in self._edited)
        with closing(client_of(self._url, _OWNER)) as client:
            own = (need for need in fresh if is_there(client, f"/needs/{need}/"))
            for need in itertools.islice(own, number):
                self._edited.add(need)
                edit_need(client, need, self._hands, self.edits)
