"""Settings shared by development, test and production. Only this package reads the environment."""

from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
from celery.schedules import crontab

django_stubs_ext.monkeypatch()
env = environ.Env()
BASE_DIR = Path(__file__).resolve().parents[2]

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
DEMO = env.bool("DEMO", default=False)
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "zhongshi.core",
    "zhongshi.accounts",
    "zhongshi.vocabulary",
    "platforms",
    "requests",
    "matching",
]

MIDDLEWARE = [
    "zhongshi.core.middleware.RequestIdMiddleware",
    "zhongshi.core.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "zhongshi.core.telemetry.middleware.TelemetryMiddleware",
    "zhongshi.core.middleware.MomentMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "zhongshi.core.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "zhongshi.accounts.middleware.GatewayMiddleware",
    "zhongshi.accounts.middleware.PageRateMiddleware",
    "zhongshi.accounts.middleware.TwoStepDueMiddleware",
    "zhongshi.accounts.middleware.SessionTraceMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "zhongshi.core.middleware.StorableInputMiddleware",
]

ROOT_URLCONF = "zhongshi.urls"
WSGI_APPLICATION = "zhongshi.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "zhongshi" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "zhongshi.accounts.context_processors.workspace",
            ],
        },
    },
]

# Timeouts keep one slow query or one forgotten transaction from holding everybody else's rows.
_TIMEOUTS = "-c statement_timeout=15000 -c idle_in_transaction_session_timeout=30000 -c lock_timeout=5000"
# Behind a pooler that lends connections for one transaction (pgbouncer) nothing may belong to a connection: no cursor
# that outlives its transaction, and the timeouts are the role's (docs/scale.md).
DATABASE_POOLED = env.bool("DATABASE_POOLED", default=False)
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **env.db_url("DATABASE_URL", default="postgres://zhongshi@127.0.0.1:5432/zhongshi"),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": DATABASE_POOLED,
        "OPTIONS": {
            "connect_timeout": 5,
            # A server that vanished without a word (a pulled cable, a failed-over machine) is noticed within 25 s.
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 15_000,
            **({} if DATABASE_POOLED else {"options": _TIMEOUTS}),
        },
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "zhongshi.accounts.passwords.LongestPassword"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "workspace"
LOGOUT_REDIRECT_URL = "home"
# A link to a new password works for an hour.
PASSWORD_RESET_TIMEOUT = 3600
OTP_TOTP_ISSUER = "Zhongshi"
OTP_ADMIN_HIDE_SENSITIVE_DATA = True
REQUIRE_TOTP_FOR_ADMINS = env.bool("REQUIRE_TOTP_FOR_ADMINS", default=False)

# Sites with a sign-in of their own (统一身份认证) put a gateway in front, which names the person in a header.
GATEWAY_HEADER = env.str("GATEWAY_HEADER", default="")
GATEWAY_TRUSTED_ADDRESSES: list[str] = env.list("GATEWAY_TRUSTED_ADDRESSES", default=[])
GATEWAY_CREATES = env.bool("GATEWAY_CREATES", default=False)
GATEWAY_SIGN_OUT_URL = env.str("GATEWAY_SIGN_OUT_URL", default="")

# Redis stays off the request path: sessions live in the database, throttles in the process.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "zhongshi" / "locale"]
LANGUAGE_COOKIE_NAME = "language"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "zhongshi" / "static"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", default=10_000_000)

_email = env.email_url("EMAIL_URL", default="consolemail://")
EMAIL_BACKEND: str = _email["EMAIL_BACKEND"]
EMAIL_HOST: str = _email.get("EMAIL_HOST") or "localhost"
EMAIL_PORT: int = _email.get("EMAIL_PORT") or 25
EMAIL_HOST_USER: str = _email.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD: str = _email.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS: bool = _email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL: bool = _email.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH: str = _email.get("EMAIL_FILE_PATH") or ""
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="中试云 <noreply@localhost>")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "zhongshi.accounts.authentication.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "zhongshi.core.pagination.CountedPages",
    "EXCEPTION_HANDLER": "zhongshi.core.api.answer_error",
    "DEFAULT_THROTTLE_RATES": {
        "sign_in": env.str("THROTTLE_SIGN_IN", default="10/min"),
        "sign_in_address": env.str("THROTTLE_SIGN_IN_ADDRESS", default="60/min"),
        "register": env.str("THROTTLE_REGISTER", default="20/hour"),
        "reset": env.str("THROTTLE_RESET", default="20/hour"),
        "invite": env.str("THROTTLE_INVITE", default="60/hour"),
        "page": env.str("THROTTLE_PAGE", default="300/min"),
        "parse": env.str("THROTTLE_PARSE", default="60/min"),
        "post": env.str("THROTTLE_POST", default="600/hour"),
    },
    "NUM_PROXIES": env.int("NUM_PROXIES", default=0),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "中试云 Zhongshi API",
    "DESCRIPTION": "Pilot-testing needs met with platforms, condition by condition.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    # Values without labels: the document must not depend on a language.
    "ENUM_NAME_OVERRIDES": {
        "ImportStateEnum": "platforms.enums.ImportState.values",
        "NeedStatusEnum": "requests.enums.NeedStatus.values",
        "MatchStatusEnum": "matching.enums.MatchStatus.values",
    },
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "zhongshi.core.openapi.add_shared_answers",
    ],
}

# Celery carries wake-up calls only; the work itself is an outbox row until its effect is committed.
# task_time_limit 45 < OUTBOX_LEASE_SECONDS 60 < visibility_timeout 120: nothing is taken up twice while it runs.
CELERY_BROKER_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TASK_SOFT_TIME_LIMIT = 30
CELERY_TASK_TIME_LIMIT = 45
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 300_000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Celery would open a connection to the database for every task. They are kept as in the web server instead, and looked
# after around each task (zhongshi/celery.py).
CELERY_DB_REUSE_MAX = 1_000_000_000
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_POOL_ACQUIRE_TIMEOUT = 5
# retry=False would block six seconds on a dead broker; one quick retry gives up at once.
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
    "visibility_timeout": 120,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 10,
}
# With sentinels (REDIS_URL sentinel://…;sentinel://…): what they call the Redis they guard.
REDIS_MASTER_NAME = env.str("REDIS_MASTER_NAME", default="mymaster")
if CELERY_BROKER_URL.startswith("sentinel://"):
    CELERY_BROKER_TRANSPORT_OPTIONS["master_name"] = REDIS_MASTER_NAME
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = TIME_ZONE
# The clock's tasks stand with what people wait for: behind an import's thousands they would expire before their turn.
CELERY_TASK_ROUTES = {
    "core.sweep_outbox": {"queue": "sweep"},
    "core.run_outbox": {"queue": "celery"},
    "*": {"queue": "score"},
}
CELERY_BEAT_SCHEDULE = {
    "sweep-outbox": {
        "task": "core.sweep_outbox",
        "schedule": env.float("OUTBOX_SWEEP_SECONDS", default=2.0),
        # Longer than its period: it finds what else was lost, so neither a slow machine nor two clocks some seconds
        # apart may make it void. The few that lie in wait at most do no harm.
        "options": {"expires": 30.0, "queue": "sweep"},
    },
    # A worker that hangs looks alive to the broker; one that runs this lives.
    **{
        f"pulse-{queue}": {
            "task": "core.beat_pulse",
            "schedule": 15.0,
            "kwargs": {"queue": queue},
            "options": {"expires": 12, "queue": queue},
        }
        for queue in ("score", "notify", "sweep", "celery")
    },
    "seal-audit": {"task": "core.seal_audit", "schedule": 60.0, "options": {"expires": 50}},
    # Once a day by the clock, not by an interval: a beat that starts anew would count from its start.
    "anchor-audit": {
        "task": "core.anchor_audit",
        "schedule": crontab(hour=3, minute=17),
        "options": {"expires": 80_000},
    },
    "retain": {"task": "core.retain", "schedule": 600.0, "options": {"expires": 540}},
    "prune-outbox": {"task": "core.prune_outbox", "schedule": 3600.0, "options": {"expires": 3000}},
    "pass-time": {"task": "matching.pass_time", "schedule": 300.0, "options": {"expires": 240}},
    "learn-forms": {"task": "matching.learn_forms", "schedule": 3600.0, "options": {"expires": 3000}},
    "take-up-dates": {"task": "platforms.take_up_dates", "schedule": 3600.0, "options": {"expires": 3000}},
    "forget-accounts": {"task": "accounts.forget", "schedule": 3600.0, "options": {"expires": 3000}},
}
OUTBOX_LEASE_SECONDS = env.int("OUTBOX_LEASE_SECONDS", default=60)
OUTBOX_MAX_ATTEMPTS = env.int("OUTBOX_MAX_ATTEMPTS", default=8)
OUTBOX_MAX_CRASHES = env.int("OUTBOX_MAX_CRASHES", default=4)
OUTBOX_KEEP_DAYS = env.int("OUTBOX_KEEP_DAYS", default=7)
NOTIFICATION_KEEP_DAYS = env.int("NOTIFICATION_KEEP_DAYS", default=180)
DRAFT_KEEP_DAYS = env.int("DRAFT_KEEP_DAYS", default=365)
IMPORT_KEEP_DAYS = env.int("IMPORT_KEEP_DAYS", default=180)
API_TOKEN_DAYS = env.int("API_TOKEN_DAYS", default=365)
AUDIT_ANCHOR_FILE = env.str("AUDIT_ANCHOR_FILE", default="")
# Other people's servers we may call, and those of our own network that may be called without https.
WEBHOOK_HOSTS: list[str] = env.list(
    "WEBHOOK_HOSTS", default=["qyapi.weixin.qq.com", "oapi.dingtalk.com", "open.feishu.cn"]
)
WEBHOOK_LOOPBACK_HOSTS: list[str] = env.list("WEBHOOK_LOOPBACK_HOSTS", default=[])
# Needs one organization may submit in a day, 0 for any number.
NEEDS_PER_DAY = env.int("NEEDS_PER_DAY", default=0)
LEAD_ANSWER_HOURS = env.int("LEAD_ANSWER_HOURS", default=48)
LEAD_ANSWERED_TARGET = env.int("LEAD_ANSWERED_TARGET", default=80)
FIRST_WORD_TARGET_HOURS = env.int("FIRST_WORD_TARGET_HOURS", default=24)

# Where a reader reports an error of a listing or a page; without one the pages name the zone's office.
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="")
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="")

# A text model on the local network that may suggest further conditions of a need; without an address there is none.
ASSISTANT_URL = env.str("ASSISTANT_URL", default="")
ASSISTANT_MODEL = env.str("ASSISTANT_MODEL", default="")
ASSISTANT_KEY = env.str("ASSISTANT_KEY", default="")
ASSISTANT_TIMEOUT = env.float("ASSISTANT_TIMEOUT", default=8.0)

# Who may read /metrics: programs beside the web server, and whoever brings the token.
METRICS_ADDRESSES: list[str] = env.list("METRICS_ADDRESSES", default=["127.0.0.0/8", "::1"])
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# Named by the web server for its processes (zhongshi/gunicorn.py); elsewhere each process tells its own counts.
PROMETHEUS_MULTIPROC_DIR = env.str("PROMETHEUS_MULTIPROC_DIR", default="")
# Reports of errors to a Sentry server; without an address nothing of it is even imported.
SENTRY_DSN = env.str("SENTRY_DSN", default="")

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "zhongshi.core.telemetry.logs.JsonFormatter"},
    },
    "filters": {"masked": {"()": "zhongshi.core.masking.MaskingFilter"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": env.str("LOG_FORMAT", default="line"),
            "filters": ["masked"],
        }
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"django.request": {"level": "ERROR"}},
}
