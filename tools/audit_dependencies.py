"""`make audit`: the locked dependencies against the known vulnerabilities of PyPI's and OSV's lists.

Exit code 0: none known. 1: some are. 3: no list could be asked, so nothing is known either way.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tools.outside import cache_folder, clean_environment, program

CHECKOUT = Path(__file__).resolve().parents[1]
REQUIREMENT = "pip-audit==2.10.1"
LOCKS = ("requirements.lock", "requirements-dev.lock")
SERVICES = ("pypi", "osv")
CLEAN, VULNERABLE, UNKNOWN = 0, 1, 3


def main() -> int:
    """Look at each lock; the worst answer counts."""
    script = program("pip-audit", REQUIREMENT)
    return max((audit([str(script)], lock) for lock in LOCKS), key=(CLEAN, UNKNOWN, VULNERABLE).index)


def audit(command: Sequence[str], lock: str) -> int:
    """Ask one service after the other until one answers; say what it found."""
    why = ""
    for service in SERVICES:
        # Versions and hashes stand in the lock: nothing has to be resolved or installed to be looked up.
        asked = [*command, "--requirement", str(CHECKOUT / lock), "--no-deps", "--disable-pip"]
        asked += [
            "--vulnerability-service",
            service,
            "--format",
            "json",
            "--progress-spinner",
            "off",
            "--timeout",
            "15",
        ]
        done = subprocess.run(
            asked, cwd=cache_folder(), env=clean_environment(), capture_output=True, text=True, check=False
        )
        packages = _packages(done.stdout)
        # A mirror that keeps no list says of every package alike that it does not know it.
        if any(not package.get("skip_reason") for package in packages):
            return _told(lock, service, packages)
        skipped = [package["skip_reason"] for package in packages]
        why = [*skipped, *reversed(done.stderr.strip().splitlines()), f"exit {done.returncode}"][0]
    print(f"{lock}: NOT AUDITED: neither {' nor '.join(SERVICES)} answers from this network ({why[:200]})")
    return UNKNOWN


def _packages(output: str) -> list[dict[str, Any]]:
    """What pip-audit says of each package; nothing where it could say nothing."""
    try:
        found: list[dict[str, Any]] = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return []
    return found


def _told(lock: str, service: str, packages: list[dict[str, Any]]) -> int:
    bad = [package for package in packages if package.get("vulns")]
    skipped = [package for package in packages if package.get("skip_reason")]
    for package in bad:
        for one in package["vulns"]:
            mended = ", ".join(one.get("fix_versions", [])) or "no version mends it yet"
            print(f"{lock}: {package['name']} {package['version']}: {one['id']} ({mended})")
    for package in skipped:
        print(f"{lock}: {package['name']} not looked up: {package['skip_reason']}")
    print(
        f"{lock}: {len(packages) - len(skipped)} packages looked up ({service}), {len(bad)} with known vulnerabilities"
    )
    if bad:
        return VULNERABLE
    return UNKNOWN if skipped else CLEAN


if __name__ == "__main__":
    sys.exit(main())
