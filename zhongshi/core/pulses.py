"""Do the clock and the workers live? Whoever runs leaves the time; whoever asks reads its age."""

from django.utils import timezone

from .models import Pulse

WORKERS = "workers"
SILENT_AFTER_SECONDS = 30


def beat(name: str) -> None:
    """Leave the time under `name`."""
    Pulse.objects.update_or_create(name=name, defaults={"at": timezone.now()})


def age_seconds(name: str) -> float | None:
    """Seconds since the last beat, or None where there was none."""
    at = Pulse.objects.filter(name=name).values_list("at", flat=True).first()
    return None if at is None else (timezone.now() - at).total_seconds()


def state(name: str) -> str:
    """Return "ok", or "silent" after half a minute without a beat."""
    age = age_seconds(name)
    return "ok" if age is not None and age < SILENT_AFTER_SECONDS else "silent"
