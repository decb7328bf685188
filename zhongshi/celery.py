"""The Celery application. Start workers and beat with ``celery -A zhongshi.celery``."""

import os
from typing import Any

from celery import Celery
from celery.signals import task_postrun, task_prerun, worker_process_init
from django.db import close_old_connections

from zhongshi.core import serving

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhongshi.settings.development")

app = Celery("zhongshi")
app.config_from_object("django.conf:settings", namespace="CELERY")
# `set_default` and not only "current": the web server's threads and the nudger's must find this application too.
app.set_default()
app.autodiscover_tasks()

# Where needs are scored and listings matched; mail and the sweep want nothing made ready.
_SCORING = "score"


@worker_process_init.connect
def _make_ready(**_: Any) -> None:
    if _SCORING in app.amqp.queues.consume_from:
        serving.start()


@task_prerun.connect
@task_postrun.connect
def _close_what_is_spent(sender: Any, **_: Any) -> None:
    """As around each web request: broken and old connections are closed, the others kept (CELERY_DB_REUSE_MAX)."""
    # A task run in place, without a worker, lives in its caller's transaction.
    if not sender.request.is_eager:
        close_old_connections()
