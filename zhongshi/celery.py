"""The Celery application. Start workers and beat with ``celery -A zhongshi``."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhongshi.settings.development")

app = Celery("zhongshi")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
