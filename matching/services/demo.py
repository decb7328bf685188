"""The demo: one zone, its accounts, and the real platforms."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from matching.exchange import read_lines
from platforms.models import Platform
from platforms.services import platform_load
from zhongshi.accounts.enums import OrganizationKind, Role
from zhongshi.accounts.models import Membership, Organization, User, Zone

PLATFORMS = Path(__file__).resolve().parents[2] / "platforms" / "demo" / "platforms.jsonl"
PASSWORD = "zhongshi-demo"  # noqa: S105 - the demo's, printed on its banner
ZONE = "CD-GX"


@dataclass(frozen=True, slots=True)
class _Account:
    username: str
    name: str
    role: Role
    kind: OrganizationKind
    organization: str
    platform: str = ""


# The first six begin with nothing behind them; those that end in 3 and 4 have the history of `demo_story`.
_ACCOUNTS = (
    _Account("enterprise", "林悦", Role.ENTERPRISE, OrganizationKind.ENTERPRISE, "示例生物科技（成都）有限公司"),
    _Account("enterprise2", "周航", Role.ENTERPRISE, OrganizationKind.ENTERPRISE, "示例智能装备（成都）有限公司"),
    _Account("operator", "陈立", Role.OPERATOR, OrganizationKind.OPERATOR, "示例运营方甲", "cn-001"),
    _Account("operator2", "赵宁", Role.OPERATOR, OrganizationKind.OPERATOR, "示例运营方乙", "cn-002"),
    _Account("enterprise3", "何川", Role.ENTERPRISE, OrganizationKind.ENTERPRISE, "示例精细材料（成都）有限公司"),
    _Account("enterprise4", "苏禾", Role.ENTERPRISE, OrganizationKind.ENTERPRISE, "示例食品科技（成都）有限公司"),
    _Account("operator3", "马原", Role.OPERATOR, OrganizationKind.OPERATOR, "示例运营方丙", "cn-022"),
    _Account("operator4", "孙果", Role.OPERATOR, OrganizationKind.OPERATOR, "示例运营方丁", "cn-029"),
    _Account("admin", "王园", Role.ZONE_ADMIN, OrganizationKind.ZONE, "成都高新区中试服务办公室（示例）"),
    _Account("admin2", "李核", Role.ZONE_ADMIN, OrganizationKind.ZONE, "成都高新区中试服务办公室（示例）"),
)


def demo_load() -> Counter[str]:
    """Create the demo zone and accounts and load the platforms; idempotent. Returns what became of the listings."""
    zone = _zone()
    for number, account in enumerate(_ACCOUNTS, start=1):
        _open(account, zone, number)
    _superuser()
    counts: Counter[str] = Counter()
    for line in read_lines(PLATFORMS):
        if line.record:
            counts[platform_load(record=line.record, zone=zone, publish=True)] += 1
    for account in _ACCOUNTS:
        if account.platform:
            _hand_over(account)
    return counts


def _zone() -> Zone:
    zone, _ = Zone.objects.get_or_create(
        code=ZONE,
        defaults={
            "name": "成都高新区",
            "name_en": "Chengdu Hi-tech Zone",
            "approves_itself": True,
            "approval_score": 60,
        },
    )
    return zone


def _open(account: _Account, zone: Zone, number: int) -> None:
    organization, _ = Organization.objects.get_or_create(
        name=account.organization,
        defaults={
            "kind": account.kind,
            "zone": zone,
            "region": "510100",
            "contact_name": account.name,
            "contact_phone": f"028-0000-{number:04d}",
            "contact_email": f"{account.username}@example.com",
        },
    )
    user = User.objects.filter(username=account.username).first()
    if user is None:
        user = User.objects.create_user(
            account.username, email=f"{account.username}@example.com", password=PASSWORD, first_name=account.name
        )
    Membership.objects.get_or_create(
        user=user, defaults={"organization": organization, "role": account.role, "is_manager": True}
    )


def _superuser() -> None:
    if not User.objects.filter(username="root").exists():
        User.objects.create_superuser("root", email="root@example.com", password=PASSWORD)


def _hand_over(account: _Account) -> None:
    with transaction.atomic():
        organization = Organization.objects.get(name=account.organization)
        Platform.objects.filter(external_id=account.platform).update(organization=organization)
