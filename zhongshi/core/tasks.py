"""Celery's side of the outbox."""

from celery import Task, shared_task

from . import audit_anchor, audit_chain, broker, nudger, outbox, pulses, retention

# A thousand rows each: a busy day's worth in an hour, and a few seconds of work.
PRUNE_BATCHES = 50
# Beside the row it was called for, a task works off its queue for so long: short, so that beat's tasks get their turn
# and a stop is quick; far below the soft limit, so that a row begun last has its time.
WORK_OFF_SECONDS = 2.0


@shared_task(name="core.run_outbox", bind=True)
def run_outbox(self: Task[..., None], *, event_id: int) -> None:
    """Run one outbox row, harmless when it is done already, and then what else is due in its queue.

    Work done is a sign of life: the other waits in line.
    """
    queue = (self.request.delivery_info or {}).get("routing_key") or ""
    if queue:
        pulses.beat_now_and_then(pulses.of_queue(queue))
    outbox.run(event_id)
    outbox.work_off(queue, seconds=WORK_OFF_SECONDS)


@shared_task(name="core.sweep_outbox")
def sweep_outbox() -> None:
    """Announce again whatever is due; runs every two seconds, and beside itself without harm.

    That it runs shows that beat, broker and a worker live, so it leaves a pulse.
    """
    pulses.beat(pulses.WORKERS)
    queued = max(broker.lengths().values(), default=0)
    for event_id, queue in outbox.queues_of(outbox.due_ids(queued=queued)):
        nudger.send(event_id, queue)


@shared_task(name="core.beat_pulse")
def beat_pulse(*, queue: str) -> None:
    """Show that somebody works on `queue`; sent into each queue every fifteen seconds."""
    pulses.beat(pulses.of_queue(queue))


@shared_task(name="core.prune_outbox")
def prune_outbox() -> None:
    """Forget done rows after their time; what is left of a very large heap goes the next hour."""
    for _ in range(PRUNE_BATCHES):
        if outbox.prune() == 0:
            break


@shared_task(name="core.seal_audit")
def seal_audit() -> None:
    """Seal what was written to the audit trail; every minute, and beside itself without harm."""
    while audit_chain.seal() == audit_chain.BATCH:
        pass


@shared_task(name="core.anchor_audit")
def anchor_audit() -> None:
    """Write down the end of the chain, once a day."""
    audit_anchor.anchor()


@shared_task(name="core.retain")
def retain() -> None:
    """Forget what was kept for its time; every ten minutes, in small batches, and beside itself without harm."""
    retention.sweep_all()
