"""The WSGI application; the Celery application is loaded beside it, so that wake-up calls find their broker."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhongshi.settings.production")

from zhongshi import celery

application = get_wsgi_application()
__all__ = ["application", "celery"]
