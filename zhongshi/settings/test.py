"""Tests: PostgreSQL as everywhere; quick hashes; no broker, tasks are called as functions."""

from .base import *  # noqa: F403
from .base import REST_FRAMEWORK, TEMPLATES

SECRET_KEY = "test-only"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
DEMO = False
REST_FRAMEWORK = {
    **REST_FRAMEWORK,
    "DEFAULT_THROTTLE_RATES": dict.fromkeys(REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "10000/min"),
}
# A template that names what the view did not give it is a bug, not an empty string.
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = "INVALID VARIABLE: %s"
