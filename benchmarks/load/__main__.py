"""`python -m benchmarks.load`: what the service takes on this machine, on loopback, bounded in time and count.

Starts everything it needs and stops it again: gunicorn, workers and clock as in production, Redis of its own, and
PostgreSQL unless DATABASE_URL names one, which must be there for this alone: needs and accounts are written into it.
Exits with 1 where a promise was missed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from . import apart, mix, picture, scaling, speed, steady
from .receiving import Receiver, running_receiver
from .report import Report
from .service import World, command, fresh_folder, running_world

STEPS = ("read", "post", "life", "workers", "web", "apart", "steady")


def main() -> int:
    given = _parser().parse_args()
    kept = True
    with fresh_folder() as folder, running_receiver() as receiver, running_world(folder) as world:
        _say("Making the database ready; the first time that takes some minutes.")
        listings = _ready(world, given, receiver)
        _say(f"{listings} published listings.")
        report = Report.at(given.out, world.stores())
        for step in given.steps:
            _say(f"== {step}")
            kept = _STEPS[step](world, given, report, receiver) and kept
    return 0 if kept else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=list(STEPS))
    parser.add_argument("--listings", required=True, help="an exchange file, loaded where fewer are published")
    parser.add_argument("--at-least", type=int, default=10_000)
    parser.add_argument("--needs", type=Path, help="an exchange file of needs to post")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each measurement")
    parser.add_argument("--heap", type=int, default=300, help="needs that workers work off")
    parser.add_argument("--minutes", type=float, default=15.0, help="of steady load")
    parser.add_argument("--rate", type=float, default=20.0, help="calls a second of steady load")
    parser.add_argument("--connections", type=int, nargs="+", default=list(speed.CONNECTIONS))
    parser.add_argument("--out", type=Path, default=Path("docs/load"))
    return parser


def _ready(world: World, given: argparse.Namespace, receiver: Receiver) -> str:
    words = ["-m", "benchmarks.load.people", "--listings", given.listings, "--at-least", str(given.at_least)]
    count = command(world.env, *words, "--receiver", receiver.url).splitlines()[-1]
    command(world.env, "manage.py", "collectstatic", "--noinput", "-v0")
    return count


def _say(line: str) -> None:
    print(f"… {line}", flush=True)


def _read(world: World, given: argparse.Namespace, report: Report, _receiver: Receiver) -> bool:
    found = speed.reading(world, given.seconds, given.connections, _say)
    promises = speed.promises(found, [], [])
    words = f"{speed.WEB} web processes of 4 threads; no worker runs. Rate limits are lifted."
    bare = {one.connections: one.per_second for one in found if one.name == speed.BARE}
    pages = [one for one in found if one.name == speed.PAGE and bare.get(one.connections)]
    ratio = ", ".join(f"{bare[one.connections] / one.per_second:.2f} at {one.connections}" for one in pages)
    report.add_measured("Reading", found, f"{words} Bare view to search page, calls a second: {ratio}.", promises)
    return all(one.kept for one in promises)


def _post(world: World, given: argparse.Namespace, report: Report, _receiver: Receiver) -> bool:
    found = speed.posting(world, _bodies(given), given.seconds, given.connections)
    promises = speed.promises([], found, [])
    words = f"{speed.WEB} web processes; no worker runs, so that the posting is measured and not the scoring."
    report.add_measured("Posting, as fast as it goes", found, words, promises)
    return all(one.kept for one in promises)


def _life(world: World, given: argparse.Namespace, report: Report, _receiver: Receiver) -> bool:
    found, left = speed.posting_in_life(world, _bodies(given), 3 * given.seconds)
    promises = speed.promises([], [], found)
    words = (
        f"{speed.WEB} web and {speed.WORKERS} worker processes and the clock; {speed.ARRIVALS:.0f} needs a second "
        f"whether or not answers come. After Redis came back empty, what was owed took {left:.0f} s (at most 120)."
    )
    report.add_measured("Posting while Redis breaks", found, words, promises)
    return all(one.kept for one in promises)


def _workers(world: World, given: argparse.Namespace, report: Report, receiver: Receiver) -> bool:
    found = scaling.working(world, receiver, _bodies(given), given.heap, _say)
    promises = scaling.promises(found)
    words = (
        f"{given.heap} needs worked off, from the first to the last thing owed; notices in the app, mails, webhooks."
    )
    figures = [[one.processes, one.needs, one.seconds] for one in found]
    report.add("Workers", scaling.HEAD, [one.row() for one in found], words, promises, figures)
    return all(one.kept for one in promises)


def _web(world: World, given: argparse.Namespace, report: Report, _receiver: Receiver) -> bool:
    report.add_measured("Web processes", scaling.serving(world, given.seconds), "Eight connections, no worker runs.")
    return True


def _apart(world: World, given: argparse.Namespace, report: Report, _receiver: Receiver) -> bool:
    rows = apart.apart(world, _bodies(given)[0])
    words = (
        "Two copies of the code, each with web, worker, HOME, TMPDIR and STATIC_ROOT of its own, as on two machines."
    )
    report.add("Nothing shared but the stores", ["what", "seen after s"], rows, words)
    return True


def _steady(world: World, given: argparse.Namespace, report: Report, _receiver: Receiver) -> bool:
    found = steady.steady(world, _bodies(given), given.minutes, given.rate, _say)
    found.samples.write(_made(given.out) / "steady.csv")
    (given.out / "steady.svg").write_text(picture.draw(found.samples), encoding="utf-8")
    report.add_measured("Steady load", found.minutes, _steady_words(given, found))
    rows = [
        [
            name,
            f"{one.mean:.0f}",
            f"{one.slope:+.3f}",
            f"{one.low:+.3f} to {one.high:+.3f}",
            "yes" if one.grows else "no",
        ]
        for name, one in found.trends.items()
    ]
    head = ["process", "mean MB", "MB a minute", "95 % interval", "grows"]
    reasons = "; ".join(found.reasons)
    report.add("Steady load: memory", head, rows, f"FAILED: {reasons}." if reasons else "PASSED.")
    return not reasons


def _steady_words(given: argparse.Namespace, found: steady.Steady) -> str:
    counts = ", ".join(f"{name} {number}" for name, number in sorted(found.counts.items()))
    return (
        f"{given.minutes:g} minutes at {given.rate:g} calls a second ({counts}); processes are not recycled. Fails "
        "where a process surely grows (the 95 % interval of its slope over the last two thirds lies above zero, and an "
        "hour of it would be more than a tenth of its memory) or dies, where the rows owed at the end are more than "
        "fifty above those in the middle, where anything is owed a minute after the last call, or where more than one "
        f"call in a thousand fails. Owed in the middle third {found.owed_middle:.0f}, in the last "
        f"{found.owed_end:.0f}; the oldest waited {found.oldest_most:.1f} s; all was done {found.drained_after:.1f} s "
        "after the last call."
    )


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _bodies(given: argparse.Namespace) -> list[str]:
    return speed.bodies_of(mix.needs(given.needs))


_Step = Callable[[World, argparse.Namespace, Report, Receiver], bool]
_STEPS: dict[str, _Step] = {
    "read": _read, "post": _post, "life": _life, "workers": _workers, "web": _web, "apart": _apart, "steady": _steady,
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main())
