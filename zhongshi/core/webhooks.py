"""Telling a robot: write the letter, post it through the one door, believe only the robot's own yes."""

from __future__ import annotations

from datetime import datetime

from . import http
from .models import Robot
from .outbox import Later, Permanent
from .webhook_formats import Message, Outcome, letter_of, outcome_of


class NotTaken(Exception):
    """The robot did not take the message; the text says why and carries no address."""


class NeverTaken(NotTaken, Permanent):
    """The robot's address may not be called: trying again cannot help."""


class NotNow(NotTaken, Later):
    """The robot wants fewer messages for a while."""


def tell(robot: Robot, message: Message, now: datetime) -> str:
    """Post `message` to `robot` and return its words. Raises NotTaken (NeverTaken, NotNow) with the reason."""
    try:
        outcome = ask(robot, message, now)
    except http.AddressRefused as refusal:
        raise NeverTaken(str(refusal)) from None
    except http.NoAnswer as silence:
        raise NotTaken(str(silence)) from None
    if outcome.taken:
        return outcome.said
    if outcome.rest_seconds:
        raise NotNow(outcome.said, outcome.rest_seconds)
    raise NotTaken(outcome.said)


def ask(robot: Robot, message: Message, now: datetime, *, seconds: float = http.TOTAL_SECONDS) -> Outcome:
    """Post `message` once and read the answer. Raises what `http.post` raises."""
    letter = letter_of(robot.kind, robot.address, robot.secret, message, now)
    return outcome_of(robot.kind, http.post(letter.url, body=letter.body, headers=letter.headers, seconds=seconds))
