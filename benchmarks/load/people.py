"""Who works while the service is measured: enterprises, operators with listings of their own, and robots.

Run as a program in the service's environment; does nothing twice. Every operator runs an equal share of the listings
nobody runs, and every organization's notices go to one address as well.
"""

from __future__ import annotations

import argparse
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.load.settings")
django.setup()

# Only now: models need the settings.
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from platforms.models import Capability  # noqa: E402
from zhongshi.accounts.enums import OrganizationKind, OrganizationStatus, Role  # noqa: E402
from zhongshi.accounts.models import Membership, Organization, User, Zone  # noqa: E402
from zhongshi.core.models import Robot  # noqa: E402

PASSWORD = "load-only-password"  # noqa: S105 - of a database that is thrown away
SIGNED_IN = 8
_SHARE = """
WITH free AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM platforms_platform WHERE organization_id IS NULL),
     hosts AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM accounts_organization WHERE id = ANY(%s))
UPDATE platforms_platform p SET organization_id = hosts.id FROM free, hosts
WHERE p.id = free.id AND free.n %% %s = hosts.n
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listings", required=True)
    parser.add_argument("--at-least", type=int, default=10_000)
    parser.add_argument("--operators", type=int, default=200)
    parser.add_argument("--receiver", default="")
    given = parser.parse_args()
    call_command("migrate", verbosity=0)
    call_command("load_vocabulary", verbosity=0)
    call_command("load_demo", "--no-story", verbosity=0)
    if Capability.objects.published().count() < given.at_least:
        call_command("load_exchange", given.listings, "--publish", verbosity=0)
    _people(given.operators)
    _robots(given.receiver)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(Capability.objects.published().count())


def _people(operators: int) -> None:
    # The demo's zone approves good matches itself: nobody sits at the office's desk here.
    zone = Zone.objects.filter(approves_itself=True).order_by("pk")[0]
    for number in range(SIGNED_IN):
        _member(zone, f"load-enterprise{number}", OrganizationKind.ENTERPRISE, Role.ENTERPRISE, has_password=True)
    hosts = [
        _member(zone, f"load-operator{n}", OrganizationKind.OPERATOR, Role.OPERATOR, has_password=n < SIGNED_IN)
        for n in range(operators)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_SHARE, [[host.pk for host in hosts], len(hosts)])


def _member(zone: Zone, name: str, kind: str, role: str, *, has_password: bool) -> Organization:
    given = {"kind": kind, "zone": zone, "status": OrganizationStatus.APPROVED}
    organization, _ = Organization.objects.get_or_create(name=name, defaults=given)
    user, is_new = User.objects.get_or_create(username=name, defaults={"email": f"{name}@example.com"})
    if is_new:
        if has_password:
            user.set_password(PASSWORD)
        else:
            user.set_unusable_password()
        user.save()
        Membership.objects.create(user=user, organization=organization, role=role)
    return organization


def _robots(receiver: str) -> None:
    Robot.objects.filter(name="load").delete()
    if receiver:
        hosts = Organization.objects.filter(name__startswith="load-")
        Robot.objects.bulk_create(
            Robot(organization=host, kind="webhook", name="load", address=receiver, secret=PASSWORD) for host in hosts
        )


if __name__ == "__main__":
    main()
