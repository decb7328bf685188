"""The WSGI application; the Celery application is loaded beside it, so that wake-up calls find their broker.

Each web process loads this module, and begins to make ready what its visitors will need.
"""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhongshi.settings.production")

from zhongshi import celery
from zhongshi.core import serving

application = get_wsgi_application()
serving.start()
__all__ = ["application", "celery"]
