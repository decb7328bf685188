"""Production's settings, measurable: beside the service's addresses stand bare Django views, and limits are lifted.

What one organization may post, and one address may ask, would be measured instead of the service.
"""

from zhongshi.settings.production import *  # noqa: F403
from zhongshi.settings.production import REST_FRAMEWORK, env

ROOT_URLCONF = "benchmarks.pages_urls"
REST_FRAMEWORK = {
    **REST_FRAMEWORK,
    "DEFAULT_THROTTLE_RATES": dict.fromkeys(REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "1000000/min"),
}
NEEDS_PER_DAY = 0
WEBHOOK_LOOPBACK_HOSTS = ["127.0.0.1"]
# For the steady minutes: processes that are replaced every so often would hide that they grow.
if not env.bool("LOAD_RECYCLE", default=True):
    CELERY_WORKER_MAX_TASKS_PER_CHILD = 10_000_000
    CELERY_WORKER_MAX_MEMORY_PER_CHILD = 10_000_000
