"""Celery's side of the outbox."""

from celery import shared_task

from . import nudger, outbox, pulses


@shared_task(name="core.run_outbox")
def run_outbox(*, event_id: int) -> None:
    """Run one outbox row; harmless when it is done already."""
    outbox.run(event_id)


@shared_task(name="core.sweep_outbox")
def sweep_outbox() -> None:
    """Announce again whatever is due; runs every two seconds, and beside itself without harm.

    That it runs shows that beat, broker and a worker live, so it leaves a pulse.
    """
    pulses.beat(pulses.WORKERS)
    for event_id in outbox.due_ids():
        nudger.send(event_id)


@shared_task(name="core.prune_outbox")
def prune_outbox() -> None:
    """Forget done rows after their time."""
    outbox.prune()
