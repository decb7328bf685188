"""The service as it is, with clocks fast enough to see a recovery, and what the experiment plants.

`task_time_limit` < lease < `visibility_timeout` as in earnest, only shorter.
"""

from zhongshi.settings.development import *  # noqa: F403
from zhongshi.settings.development import CELERY_BROKER_TRANSPORT_OPTIONS, INSTALLED_APPS, env

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.planted"]
OUTBOX_LEASE_SECONDS = env.int("OUTBOX_LEASE_SECONDS", default=12)
CELERY_TASK_SOFT_TIME_LIMIT = OUTBOX_LEASE_SECONDS - 4
CELERY_TASK_TIME_LIMIT = OUTBOX_LEASE_SECONDS - 2
CELERY_BROKER_TRANSPORT_OPTIONS = {
    **CELERY_BROKER_TRANSPORT_OPTIONS,
    "visibility_timeout": 2 * OUTBOX_LEASE_SECONDS,
}
WEBHOOK_LOOPBACK_HOSTS = ["127.0.0.1"]
# "outbox": as in earnest. "delay": what many projects do, a plain `.delay()` after the commit and no row.
FAULT_VARIANT = env.str("FAULT_VARIANT", default="outbox")
