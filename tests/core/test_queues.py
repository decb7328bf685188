"""Which queue carries what, and what beat asks for: an import's thousands stand in nobody's way."""

import pytest
from celery.schedules import crontab
from django.conf import settings

from zhongshi.celery import app
from zhongshi.core import broker, outbox
from zhongshi.embedded import roles


@pytest.mark.parametrize(
    ("topic", "queues"),
    [
        ("need.opened", [None, "score"]),
        ("need.closed", ["score"]),
        ("import.submitted", ["score"]),
        ("listing.changed", [None, None]),
        ("rules.saved", [None]),
        ("vocabulary.changed", [None, None]),
        ("notification.owed", ["notify"]),
    ],
)
def test_a_large_import_stands_in_nobodys_way(topic: str, queues: list[str | None]) -> None:
    assert [outbox._queues.get(handler) for handler in outbox.subscribers_of(topic)] == queues


def test_a_queue_that_nobody_serves_is_not_used() -> None:
    assert set(outbox._queues.values()) <= set(broker.QUEUES)
    assert ",".join(broker.QUEUES) == roles.QUEUES


def test_a_broker_that_is_away_has_no_lengths() -> None:
    assert broker.lengths() == {}


def test_beats_messages_run_out_before_the_next_ones_come() -> None:
    late = {name for name, (period, expires) in _beat_seconds().items() if expires >= period}

    assert late == {"sweep-outbox"}


def test_the_sweep_outlives_a_slow_machine_but_does_not_pile_up() -> None:
    period, expires = _beat_seconds()["sweep-outbox"]

    assert expires >= 30.0
    assert expires / period <= 20


def _beat_seconds() -> dict[str, tuple[float, float]]:
    """Of each entry: seconds between two messages, and seconds after which a message that lies in wait is void."""
    return {
        name: (86_400 if isinstance(entry["schedule"], crontab) else entry["schedule"], entry["options"]["expires"])
        for name, entry in settings.CELERY_BEAT_SCHEDULE.items()
    }


def test_beats_tasks_exist() -> None:
    app.loader.import_default_modules()
    named = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert named <= set(app.tasks)


def test_the_clocks_tasks_do_not_stand_behind_an_import() -> None:
    routes = {name: app.amqp.router.route({}, name)["queue"].name for name in ("core.run_outbox", "core.sweep_outbox")}
    clock = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} - {"core.sweep_outbox"}

    assert routes == {"core.run_outbox": "celery", "core.sweep_outbox": "sweep"}
    assert {app.amqp.router.route({}, name)["queue"].name for name in clock} == {"score"}
    assert app.amqp.router.route({"queue": "notify"}, "core.run_outbox")["queue"].name == "notify"
