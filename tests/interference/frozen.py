"""Time and chance held still, so that two answers may differ only in what the two worlds differ in."""

from __future__ import annotations

import itertools
import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import django_otp.util
import pytest
import uuid6
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.middleware import csrf
from django.template import defaulttags
from django.utils import timezone

from matching import catalogue
from tests.fresh import forget_catalogue
from zhongshi.vocabulary import lexicons

FAR = 1_000_000


class Frozen:
    """A clock that moves only by `tick`, chance that begins anew with every `reset`, keys in step."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch
        self.now = datetime.now(tz=timezone.get_default_timezone()).replace(microsecond=0)
        self._bytes = random.Random(0)  # noqa: S311
        self._sequences: dict[str, int] = {}

    def begin(self) -> None:
        """Hold the clock and the sources of chance."""
        stand_ins: list[tuple[Any, str, Callable[..., Any]]] = [
            (timezone, "now", lambda: self.now.astimezone(timezone.get_default_timezone())),
            (time, "time", lambda: self.now.timestamp()),  # noqa: PLW0108 - the clock moves
            (time, "time_ns", lambda: int(self.now.timestamp()) * 10**9),
            (time, "perf_counter", lambda: 0.0),
            (os, "urandom", self._drawn),
            (django_otp.util, "urandom", self._drawn),
            (random, "_urandom", self._drawn),
            # A hash that was made before it takes from the row of bytes; a form's token must not hang on that.
            (csrf, "get_random_string", lambda length, allowed_chars: allowed_chars[0] * length),
            (PasswordResetTokenGenerator, "_now", lambda _self: self.now.replace(tzinfo=None)),
        ]
        for owner, name, stand_in in stand_ins:
            self._patch.setattr(owner, name, stand_in)
        # What `{% now %}` asks.
        self._patch.setattr(defaulttags, "datetime", SimpleNamespace(now=lambda tz=None: self.now.astimezone(tz)))
        # How often what was shown breaks ties: looked up each time, not once a minute of a clock that is not held.
        self._patch.setattr(catalogue, "EXPOSURE_SECONDS", -1.0)

    def tick(self) -> None:
        """Let a second pass, so that "newest first" has one answer."""
        self.now += timedelta(seconds=1)

    @contextmanager
    def ahead(self, by: timedelta) -> Iterator[None]:
        """The same, that much later."""
        now = self.now
        self.now += by
        try:
            yield
        finally:
            self.now = now

    def chance(self) -> None:
        """Begin the row of random bytes anew."""
        self._bytes.seed(0)
        random.seed(0)
        uuid6._last_v7_timestamp = None

    def forget(self) -> None:
        """Empty what this process remembers of the catalogue, the words and the counts of requests."""
        forget_catalogue(self._patch)
        self._patch.setattr(lexicons, "_kept", None)
        ContentType.objects.clear_cache()
        cache.clear()

    def mark(self) -> None:
        """Remember where the keys of all tables stand."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences WHERE schemaname = 'public'")
            self._sequences = dict(cursor.fetchall())

    def keys(self, *, ahead: int = 0) -> None:
        """Set all keys back to where they stood, or that much further on."""
        calls = [f"setval('{name}', {value + ahead + 1})" for name, value in sorted(self._sequences.items())]
        with connection.cursor() as cursor:
            for some in itertools.batched(calls, 90) if hasattr(itertools, "batched") else [calls]:
                cursor.execute("SELECT " + ", ".join(some))

    def _drawn(self, size: int) -> bytes:
        return self._bytes.randbytes(size)
