"""Minutes of mixed load at a constant rate: does memory grow, does work pile up?"""

from __future__ import annotations

import itertools
import json
import random
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

from . import mix
from .accounts import token_of
from .calling import Call, arrive, posted
from .measured import Measured
from .sampling import Samples, sampled
from .service import World, drained, forget_owed, running
from .trend import Trend, trend

# Of sixty calls. A need posted is a need scored, with up to twenty matches, each a notice in the app and a webhook: at
# twenty calls a second that is ten thousand needs in eight hours, more than 178 zones would post.
_OF_SIXTY: tuple[str, ...] = (
    ("page",) * 26 + ("call",) * 10 + ("browse",) * 12 + ("mine",) * 6 + ("leads",) * 3 + ("answer",) * 2
)
_OF_SIXTY += ("post",)
_PUBLIC = ("/", "/chains/", "/rules/", "/help/", "/services/?sort=name")
DRAIN_SECONDS = 60.0


@dataclass(slots=True)
class Mixer:
    """What to ask next; learns from the answers which needs there are to look at and which leads to answer."""

    bodies: Sequence[str]
    enterprises: Sequence[str]
    operators: Sequence[str]
    needs: deque[tuple[str, str]] = field(default_factory=lambda: deque(maxlen=200))
    leads: deque[tuple[str, str]] = field(default_factory=lambda: deque(maxlen=500))
    listings: deque[str] = field(default_factory=lambda: deque(maxlen=200))
    known: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)
    prefix: str = field(default_factory=lambda: f"load-{time.time_ns()}-")
    chance: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311

    def make(self, number: int) -> Call:
        kind = self.chance.choice(_OF_SIXTY)
        self.counts[kind] = self.counts.get(kind, 0) + 1
        return getattr(self, f"_{kind}")(number)  # type: ignore[no-any-return]

    def learn(self, call: Call, status: int, answer: bytes) -> None:
        """Keep ids of what came back."""
        if status == 201 and call.path == "/api/v1/needs/":
            self.needs.append((json.loads(answer)["id"], _token(call)))
        elif status == 200 and call.path.startswith("/api/v1/leads/?"):
            new = [one["id"] for one in json.loads(answer)["results"] if one["id"] not in self.known]
            self.known.update(new)
            self.leads.extend((one, _token(call)) for one in new)
        elif status == 200 and call.path.startswith("/api/v1/capabilities/?"):
            self.listings.extend(one["id"] for one in json.loads(answer)["results"][:3])

    def _page(self, _number: int) -> Call:
        return Call("GET", self.chance.choice(mix.pages()))

    def _call(self, _number: int) -> Call:
        return Call("GET", self.chance.choice(mix.calls()))

    def _browse(self, number: int) -> Call:
        if self.listings and number % 2:
            return Call("GET", f"/services/{self.chance.choice(list(self.listings))}/")
        return Call("GET", self.chance.choice(_PUBLIC))

    def _mine(self, number: int) -> Call:
        if self.needs and number % 3:
            need, token = self.chance.choice(list(self.needs))
            return Call("GET", f"/api/v1/needs/{need}/matches/", None, _with(token))
        return Call("GET", "/api/v1/notifications/", None, _with(self.chance.choice(self.enterprises)))

    def _leads(self, _number: int) -> Call:
        return Call("GET", "/api/v1/leads/?state=waiting", None, _with(self.chance.choice(self.operators)))

    def _answer(self, number: int) -> Call:
        if not self.leads:
            return self._leads(number)
        lead, token = self.leads.popleft()
        body, headers = b"{}", (*_with(token), ("Content-Type", "application/json"))
        return Call("POST", f"/api/v1/leads/{lead}/accept/", body, headers)

    def _post(self, number: int) -> Call:
        return posted(self.bodies, self.chance.choice(self.enterprises), f"{self.prefix}{number}", number)


def _with(token: str) -> tuple[tuple[str, str], ...]:
    return (("Authorization", f"Bearer {token}"),)


def _token(call: Call) -> str:
    return dict(call.headers)["Authorization"].removeprefix("Bearer ")


@dataclass(frozen=True, slots=True)
class Steady:
    """What came of it: each minute's calls, the trend of each process that lived through, what was owed."""

    minutes: list[Measured]
    trends: dict[str, Trend]
    owed_middle: float
    owed_end: float
    oldest_most: float
    drained_after: float
    replaced: int
    counts: dict[str, int]
    samples: Samples

    @property
    def reasons(self) -> list[str]:
        """Why it failed; empty where it did not."""
        said = [f"{name} grows by {one.slope:.2f} MB a minute" for name, one in self.trends.items() if one.grows]
        if self.owed_end > self.owed_middle + 50:
            said.append(f"work piles up: {self.owed_middle:.0f} rows in the middle, {self.owed_end:.0f} at the end")
        if self.drained_after >= DRAIN_SECONDS:
            said.append(f"something is still owed {DRAIN_SECONDS:.0f} s after the last call")
        errors, calls = sum(one.errors for one in self.minutes), sum(one.calls for one in self.minutes)
        if errors > calls / 1000:
            said.append(f"{errors} of {calls} calls failed")
        if self.replaced:
            said.append(f"{self.replaced} processes died")
        return said


def steady(world: World, bodies: Sequence[str], minutes: float, rate: float, say: Callable[[str], None]) -> Steady:
    """Run it. Processes are not recycled meanwhile, so that what grows is seen to grow."""
    with running(world, web=3, workers=2, recycles=False) as service:
        forget_owed(world)
        mixer = Mixer(
            bodies,
            [token_of(service.url, f"load-enterprise{number}") for number in range(8)],
            [token_of(service.url, f"load-operator{number}") for number in range(8)],
        )
        roles = {name: child.pid for name, child in service.children.items()}
        each, numbers = [], itertools.count()
        with sampled(world, roles) as samples:
            for minute in range(max(1, round(minutes))):
                name = f"minute {minute + 1}"
                found = arrive(
                    service.url, name, rate, 60 * min(1.0, minutes), lambda _: mixer.make(next(numbers)),
                    taken=mixer.learn,
                )  # fmt: skip
                each.append(found)
                say(" ".join(found.row()) + f" owed {samples.owed[-1][1] if samples.owed else 0:.0f}")
            left = drained(world, DRAIN_SECONDS)
        return judged(each, samples, left, mixer.counts, 60 * minutes)


def judged(each: list[Measured], samples: Samples, left: float, counts: dict[str, int], seconds: float) -> Steady:
    """Memory over the last two thirds: in the first, caches fill."""
    trends, replaced = {}, 0
    for (role, pid), points in samples.memory.items():
        if points[-1][0] < seconds * 0.95:
            replaced += 1
            continue
        late = [(at, value) for at, value in points if at >= seconds / 3]
        if found := trend([at for at, _ in late], [value for _, value in late]):
            trends[f"{role} {pid}"] = found
    middle = [value for at, value in samples.owed if seconds / 3 <= at < seconds * 2 / 3]
    end = [value for at, value in samples.owed if seconds * 2 / 3 <= at <= seconds]
    return Steady(
        each, trends, median(middle or [0.0]), median(end or [0.0]),
        max((value for _, value in samples.oldest), default=0.0), left, replaced, counts, samples,
    )  # fmt: skip
