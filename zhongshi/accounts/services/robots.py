"""Robots of an organization: where its notices go beside mail."""

from __future__ import annotations

from uuid import uuid4

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Organization
from zhongshi.accounts.rules import may_manage_robots
from zhongshi.core import http, mails, webhooks
from zhongshi.core.audit import record
from zhongshi.core.errors import InvalidInput, NotAllowed
from zhongshi.core.models import Channel, Robot
from zhongshi.core.notifications.problems import in_words
from zhongshi.core.webhook_formats import Message, Outcome

MOST_ROBOTS = 10
LEAST_SECRET = 16
TEST_SECONDS = 6.0


def robot_add(*, actor: Actor, kind: str, name: str, address: str, secret: str = "", language: str) -> Robot:
    """Add a robot to the actor's organization.

    Raises NotAllowed for whoever may not, InvalidInput for an address that would never be called, a secret too short
    to sign with, or more robots than anybody needs. Whether the robot answers is for `robot_test` to find out.
    """
    _require(actor)
    _check(kind, address, secret)
    with transaction.atomic(durable=True):
        Organization.objects.select_for_update().get(pk=actor.organization.pk)
        if Robot.objects.filter(organization=actor.organization).count() >= MOST_ROBOTS:
            raise InvalidInput(_("There are enough robots already. Remove one first."))
        row = Robot.objects.create(
            organization=actor.organization,
            kind=kind,
            name=name,
            address=address.strip(),
            secret=secret.strip(),
            language=language,
            created_by=actor.user,
        )
        _note(actor, "robot_added", row)
    return row


def robot_switch(*, actor: Actor, robot: Robot, is_active: bool) -> Robot:
    """Pause a robot, or let it speak again; what it was owed while it rested is not made up for."""
    _require(actor, robot)
    with transaction.atomic(durable=True):
        if Robot.objects.filter(pk=robot.pk).exclude(is_active=is_active).update(is_active=is_active):
            _note(actor, "robot_resumed" if is_active else "robot_paused", robot)
    robot.is_active = is_active
    return robot


def robot_remove(*, actor: Actor, robot: Robot) -> None:
    """Forget a robot with its address and secret; its deliveries stay in the log without them."""
    _require(actor, robot)
    with transaction.atomic(durable=True):
        _note(actor, "robot_removed", robot)
        robot.delete()


def robot_test(*, actor: Actor, robot: Robot) -> Outcome:
    """Send one message now and return the robot's own answer, or why there was none."""
    _require(actor, robot)
    with transaction.atomic(durable=True):
        _note(actor, "robot_tested", robot)
    try:
        return webhooks.ask(robot, _test_message(robot), timezone.now(), seconds=TEST_SECONDS)
    except (http.AddressRefused, http.NoAnswer) as problem:
        return Outcome(False, in_words(str(problem)))


def _test_message(robot: Robot) -> Message:
    with translation.override(robot.language):
        title = _("Test of the Zhongshi Pilot Cloud")
        text = _("Notices of %(name)s will arrive here.") % {"name": robot.organization.name}
    link = mails.address("/notifications/settings/")
    return Message(str(uuid4()), "test", "system", title, text, link, timezone.now())


def _check(kind: str, address: str, secret: str) -> None:
    errors = {}
    try:
        http.check_address(address)
    except http.AddressRefused as refusal:
        errors["address"] = [in_words(str(refusal))]
    if kind == Channel.WEBHOOK and len(secret.strip()) < LEAST_SECRET:
        words = _("A webhook of your own needs a secret of at least %(number)s characters.")
        errors["secret"] = [words % {"number": LEAST_SECRET}]
    if errors:
        raise InvalidInput(errors=errors)


def _require(actor: Actor, robot: Robot | None = None) -> None:
    if not may_manage_robots(actor) or (robot and robot.organization_id != actor.organization.pk):
        raise NotAllowed


def _note(actor: Actor, action: str, robot: Robot) -> None:
    record(
        action,
        robot,
        actor=actor.user,
        zone_code=actor.zone.code,
        detail={"organization": str(actor.organization.uuid), "kind": robot.kind, "name": robot.name},
    )
