"""One-time codes: switched on with a code, asked for at each sign-in, replaced by recovery codes in need.

`django_otp` keeps the secrets and counts wrong codes in the database: each doubles the wait before the next try.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from zhongshi.accounts.enums import Role
from zhongshi.accounts.models import Membership, User
from zhongshi.core.errors import IllegalTransition

from .mailing import mail_owe
from .profiles import person_note

CODES = 10
_DIGITS = re.compile(r"\d{6}")
_NAME = "app"
_ADMINS = (Role.ZONE_ADMIN, Role.NETWORK_ADMIN)


@dataclass(frozen=True, slots=True)
class CodeAnswer:
    """Whether a code was right; else from when on the next one is looked at (None: at once)."""

    is_right: bool
    wait_until: datetime | None = None


def has_two_step(user: User) -> bool:
    """Whether signing in asks this person for a code."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def needs_two_step(user: User) -> bool:
    """Whether the site demands codes of this person, an administrator, who has none yet."""
    if not settings.REQUIRE_TOTP_FOR_ADMINS or has_two_step(user):
        return False
    return user.is_staff or Membership.objects.filter(user=user, role__in=_ADMINS).exists()


def codes_left(user: User) -> int:
    """How many recovery codes have not been used."""
    return int(StaticToken.objects.filter(device__user=user).count())


def two_step_begin(*, user: User) -> TOTPDevice:
    """Return the secret to be scanned; it counts for nothing until a code confirms it.

    Raises IllegalTransition where codes are on already.
    """
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if has_two_step(user):
            raise IllegalTransition
        device, _ = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": _NAME})
    return device


def two_step_confirm(*, user: User, code: str) -> tuple[CodeAnswer, list[str]]:
    """Switch codes on with the first code; the recovery codes are returned once and never again."""
    with transaction.atomic(durable=True):
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
        if device is None or has_two_step(user):
            raise IllegalTransition
        answer = _tried(device, _plain(code))
        if not answer.is_right:
            return answer, []
        TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
        codes = _recovery_codes(user)
        person_note("two_step_on", user)
        _tell(user, "two_step_on")
    return answer, codes


def recovery_renew(*, user: User, code: str) -> tuple[CodeAnswer, list[str]]:
    """Replace all recovery codes, against a code of now."""
    answer = code_check(user=user, code=code)
    if not answer.is_right:
        return answer, []
    with transaction.atomic(durable=True):
        codes = _recovery_codes(user)
        person_note("recovery_renewed", user)
    return answer, codes


def two_step_disable(*, user: User, code: str) -> CodeAnswer:
    """Switch codes off, against a code of now or a recovery code; the caller has checked the password."""
    answer = code_check(user=user, code=code)
    if answer.is_right:
        with transaction.atomic(durable=True):
            TOTPDevice.objects.filter(user=user).delete()
            StaticDevice.objects.filter(user=user).delete()
            person_note("two_step_off", user)
            _tell(user, "two_step_off")
    return answer


def code_check(*, user: User, code: str) -> CodeAnswer:
    """Try a code of six digits or a recovery code; a right one is used up, a wrong one makes the next try wait."""
    code = _plain(code)
    with transaction.atomic():
        device: TOTPDevice | StaticDevice | None
        if _DIGITS.fullmatch(code):
            device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
        else:
            device, code = StaticDevice.objects.select_for_update().filter(user=user).first(), _digest(user, code)
        return CodeAnswer(is_right=False) if device is None else _tried(device, code)


def _tried(device: TOTPDevice | StaticDevice, code: str) -> CodeAnswer:
    allowed, why = device.verify_is_allowed()
    if not allowed:
        return CodeAnswer(is_right=False, wait_until=(why or {}).get("locked_until"))
    return CodeAnswer(is_right=device.verify_token(code))


def _recovery_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery")
    plain = [f"{StaticToken.random_token()}{StaticToken.random_token()}"[:10] for _ in range(CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=_digest(user, code)) for code in plain)
    return [f"{code[:5]}-{code[5:]}" for code in plain]


def _digest(user: User, code: str) -> str:
    """What is stored of a recovery code: enough to know it again, of no use to who reads the table."""
    return hashlib.sha256(f"{user.uuid}:{code}".encode()).hexdigest()[:16]


def _plain(code: str) -> str:
    return re.sub(r"[\s-]", "", code).lower()


def _tell(user: User, what: str) -> None:
    mail_owe("changed", key=f"{what}:{user.uuid}:{uuid4()}", user_id=user.pk, what=what, to=user.email)
