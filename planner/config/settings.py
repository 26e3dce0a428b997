"""Settings: everything an operator may change is an environment variable named PLANNER_*."""

import hashlib
import json
import os
import secrets
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from planner.config import embedded, queues

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = embedded.var_dir()


def _flag(name: str, default: bool) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def _secret_key() -> str:
    """The configured key, or one made once and kept in the var folder, readable by its owner only."""
    if key := os.environ.get("PLANNER_SECRET_KEY"):
        return key
    file = VAR_DIR / "secret-key"
    if not file.exists():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as stream:
            stream.write(secrets.token_urlsafe(48))
    return file.read_text()


def _hourly(name: str, usual: str) -> tuple[float, ...]:
    """24 shares between 0 and 1, for the hours from 00:00 on; anything else stops the start, not a page at night."""
    given = os.environ.get(name, usual)
    try:
        shares = tuple(float(share) for share in given.split(","))
    except ValueError:
        shares = ()
    if len(shares) != 24 or not all(0 <= share <= 1 for share in shares):
        raise ImproperlyConfigured(f"{name}={given!r}: 24 shares from 0 to 1 are expected, for the hours from 00:00 on")
    return shares


# --- the product's own words -------------------------------------------------
PLANNER_ZONE = os.environ.get("PLANNER_ZONE", "Asia/Baghdad")  # the theatre's time zone
PLANNER_HOLIDAYS = os.environ.get("PLANNER_HOLIDAYS", "")  # the country whose public holidays count: IQ, GB-ENG
PLANNER_ORGANISATION = os.environ.get("PLANNER_ORGANISATION", "Government communications")
PLANNER_PUBLIC_URL = os.environ.get("PLANNER_PUBLIC_URL", "http://127.0.0.1:8000")  # links in pages to staff
PLANNER_REACH_HALF_LIFE_MINUTES = 80  # Pfeffer et al., ICWSM 2023; always shown as an assumption
PLANNER_LATE_MINUTES = int(os.environ.get("PLANNER_LATE_MINUTES", "10"))  # later than that, a person decides
PLANNER_AUDIENCE_HOURS = _hourly(  # share of a channel's audience that is up: an assumption
    "PLANNER_AUDIENCE_HOURS", ".5,.3,.2,.2,.2,.3,.5,.8,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,.8"
)
PLANNER_REPEAT_DAYS = int(os.environ.get("PLANNER_REPEAT_DAYS", "7"))  # so long a channel's readers remember its words
PLANNER_PLAN_POLICY = json.loads(os.environ.get("PLANNER_PLAN_POLICY", "{}"))  # docs/plan.md: {"rest": 660}
PLANNER_RETENTION_DAYS = int(os.environ.get("PLANNER_RETENTION_DAYS", "365"))  # raw sightings; claims and journal stay
PLANNER_DEAD_MAN_URL = os.environ.get("PLANNER_DEAD_MAN_URL", "")
PLANNER_CALENDARS_MAY_BE_PRIVATE = _flag("PLANNER_CALENDARS_MAY_BE_PRIVATE", False)  # polled at addresses inside
PLANNER_SEAL_KEYS = os.environ.get("PLANNER_SEAL_KEYS", "")  # Fernet keys, the newest first; empty: from the secret key
# How long a text may wait to be cleared, by the severity of its claim; "line": words kept ready for a narrative.
PLANNER_REVIEW_MINUTES = {"critical": 15, "high": 30, "medium": 60, "low": 240, "line": 24 * 60}
PLANNER_REVIEW_MINUTES |= json.loads(os.environ.get("PLANNER_REVIEW_MINUTES", "{}"))
PLANNER_STEP_SECONDS = {"ladder": 10 * 60, "follow_up": 60 * 60}  # climb after; reopen when nothing followed

# --- the two servers -----------------------------------------------------------
DATABASES = {"default": dj_database_url.parse(embedded.database_url(), conn_max_age=60, conn_health_checks=True)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CELERY_BROKER_URL = embedded.broker_url()
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
PLANNER_QUEUE_PREFIX = os.environ.get("PLANNER_QUEUE_PREFIX", "")  # for several planners on one broker
CELERY_TASK_DEFAULT_QUEUE = queues.names(PLANNER_QUEUE_PREFIX)["ingest"]
CELERY_TASK_ROUTES = queues.routes(PLANNER_QUEUE_PREFIX)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Rows are the truth; a message that cannot be handed over is swept up again, so do not wait long for the broker.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {}
if CELERY_BROKER_URL.startswith("amqp"):
    # Queues are durable and messages persistent; without this, one that a dying broker never got counts as sent.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"confirm_publish": True}
if CELERY_BROKER_URL.startswith(("redis", "valkey")):
    # Valkey gives back what a killed hand held (see docs/decisions): quickly, not after an hour.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 60,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
    }

# --- Django --------------------------------------------------------------------
SECRET_KEY = _secret_key()
DEBUG = _flag("PLANNER_DEBUG", False)
ALLOWED_HOSTS = os.environ.get("PLANNER_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("PLANNER_ORIGINS", "").split(",") if o]
INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "csp",
    "planner.leases",
    "planner.journal",
    "planner.people",
    "planner.rosters",
    "planner.narratives",
    "planner.notices",
    "planner.claims",
    "planner.coverage",
    "planner.planning",
    "planner.tasking",
    "planner.rebuttals",
    "planner.publishing",
    "planner.latency",
    "planner.desk",
    "planner.clock",
    "planner.tempo",
    "planner.config",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
    # Alpine inside django-unfold evaluates expressions; the admin is for administrators only.
    "EXCLUDE_URL_PREFIXES": ["/admin/"],
}
ROOT_URLCONF = "planner.config.urls"
WSGI_APPLICATION = "planner.config.wsgi.application"
AUTH_USER_MODEL = "people.User"
LOGIN_URL = "desk:sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "desk:sign_in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "planner.config.context.frame",
            ],
        },
    }
]
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ar", _("Arabic"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 2**20
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _flag("PLANNER_BEHIND_PROXY", False) else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PLANNER_PUBLIC_URL.startswith("https://")
# Cookies ignore ports: two planners on one host must not sign each other's people out.
_instance = hashlib.sha256(str(VAR_DIR).encode()).hexdigest()[:8]
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"planner_session_{_instance}", f"planner_csrf_{_instance}"

# --- e-mail to our own staff -----------------------------------------------------
EMAIL_HOST = os.environ.get("PLANNER_SMTP_HOST", "")  # without one, mails are written to files that can be read
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_PORT = int(os.environ.get("PLANNER_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("PLANNER_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("PLANNER_SMTP_PASSWORD", "")
EMAIL_USE_TLS = _flag("PLANNER_SMTP_STARTTLS", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("PLANNER_FROM", "planner@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # Lines per request, tick or task would bury what matters (the journal has it); and what the platforms' clients say
    # while they are searched for a fault (DEBUG) holds answers that may repeat a credential.
    "loggers": {
        name: {"level": "WARNING"}
        for name in (
            *("httpx", "httpcore", "apscheduler", "tweepy", "telegram", "oauthlib", "requests_oauthlib"),
            *("celery.app.trace", "celery.worker.strategy"),
        )
    },
    "root": {"handlers": ["console"], "level": os.environ.get("PLANNER_LOG_LEVEL", "INFO")},
}
