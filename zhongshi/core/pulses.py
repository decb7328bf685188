"""Do the clock and the workers live? Whoever runs leaves the time; whoever asks reads its age."""

import math
import time

from django.utils import timezone

from .models import Pulse

WORKERS = "workers"
# Left by `zhongshi.backup`, which works without us.
BACKUP = "backup"
SILENT_AFTER_SECONDS = 30
PAUSE_SECONDS = 10.0
_beaten: dict[str, float] = {}


def of_queue(queue: str) -> str:
    """Return the name under which workers on `queue` leave the time."""
    return f"queue:{queue}"


def beat(name: str) -> None:
    """Leave the time under `name`."""
    Pulse.objects.update_or_create(name=name, defaults={"at": timezone.now()})


def beat_now_and_then(name: str) -> None:
    """As `beat`, from this process at most every ten seconds: for what happens many times a second."""
    now = time.monotonic()
    if now - _beaten.get(name, -math.inf) >= PAUSE_SECONDS:
        _beaten[name] = now
        beat(name)


def age_seconds(name: str) -> float | None:
    """Seconds since the last beat, or None where there was none."""
    at = Pulse.objects.filter(name=name).values_list("at", flat=True).first()
    return None if at is None else (timezone.now() - at).total_seconds()


def state(name: str) -> str:
    """Return "ok", or "silent" after half a minute without a beat."""
    age = age_seconds(name)
    return "ok" if age is not None and age < SILENT_AFTER_SECONDS else "silent"
