"""App `core`."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "zhongshi.core"
    label = "core"

    def ready(self) -> None:
        """Subscribe the post office; load the settings checks."""
        from . import checks, deadletters, inconsistencies, metrics, outbox, retention  # noqa: F401, PLC0415 - app ready
        from .telemetry import reporting  # noqa: PLC0415 - app ready

        if settings.SENTRY_DSN:
            reporting.start(settings.SENTRY_DSN)
        # Beside what sends it, so that a notice does not stand behind the thousands of facts of an import.
        outbox.subscribe(
            "notification.owed",
            "zhongshi.core.notifications.deliver",
            queue=outbox.OUTSIDE_QUEUE,
            words=_("Pass a notice on to mail and robots"),
        )
        outside: Any = {"retry": outbox.OUTSIDE, "queue": outbox.OUTSIDE_QUEUE}
        outbox.subscribe(
            "delivery.owed",
            "zhongshi.core.notifications.sending.send",
            words=_("Send a mail or tell a robot"),
            **outside,
        )
        outbox.subscribe(
            "digest.owed", "zhongshi.core.notifications.digests.send", words=_("Send the daily mail"), **outside
        )
        mending = "zhongshi.core.notifications.mending"
        inconsistencies.register(
            "notices not handed on", find=f"{mending}.notices_forgotten", mend=f"{mending}.notice_mend"
        )
        inconsistencies.register(
            "deliveries not sent", find=f"{mending}.deliveries_forgotten", mend=f"{mending}.delivery_mend"
        )
        metrics.gauge(
            "zhongshi_owed_by_nobody",
            "Rows whose work no outbox event will do, by kind; counted every five minutes.",
            inconsistencies.counts,
            label="kind",
        )
        deadletters.things_are(notification_id="core.Notification", delivery_id="core.Delivery")
        metrics.gauge(
            "zhongshi_outbox_dead",
            "Dead outbox events nobody has decided about, by topic.",
            deadletters.unseen_by_topic,
            label="topic",
        )
