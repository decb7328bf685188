"""`make faults SEED=n`: the whole experiment, with its totals. Bounded in needs and time, on loopback only."""

import argparse
import sys

from .storm import Plan, run


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--needs", type=int, default=2000)
    parser.add_argument("--poison", type=int, default=5, help="so many of them kill whoever scores them")
    parser.add_argument("--per-second", type=float, default=6.0)
    parser.add_argument("--variant", choices=["outbox", "delay"], default="outbox")
    parser.add_argument("--no-faults", action="store_true", help="the control: the same work, nothing breaks")
    parser.add_argument("--most-drain", type=float, default=180.0, help="seconds after which the run is counted anyway")
    given = parser.parse_args()
    plan = Plan(
        needs=given.needs,
        poison=given.poison,
        seed=given.seed,
        per_second=given.per_second,
        rival_leads=30,
        rival_edits=30,
        most_drain_seconds=given.most_drain,
        variant=given.variant,
        with_faults=not given.no_faults,
    )
    report = run(plan, lambda line: print(f"… {line}", flush=True))
    print("\n".join(report.lines()), flush=True)
    return 1 if plan.variant == "outbox" and report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
