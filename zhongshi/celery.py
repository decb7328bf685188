"""The Celery application. Start workers and beat with ``celery -A zhongshi.celery``."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhongshi.settings.development")

app = Celery("zhongshi")
app.config_from_object("django.conf:settings", namespace="CELERY")
# `set_default` and not only "current": the web server's threads and the nudger's must find this application too.
app.set_default()
app.autodiscover_tasks()
