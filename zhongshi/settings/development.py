"""Development and demo: forgiving about the secret, strict about everything else."""

from .base import *  # noqa: F403
from .base import env

SECRET_KEY = env.str("SECRET_KEY", default="development-only-not-a-secret")
DEBUG = env.bool("DEBUG", default=False)
WHITENOISE_USE_FINDERS = True
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="office@zhongshi.example")
