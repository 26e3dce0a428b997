"""A Django project with nothing but django-celery-beat in it."""

import os
from urllib.parse import parse_qsl, urlsplit

_url = urlsplit(os.environ["BENCH_DATABASE"])
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _url.path.lstrip("/"),
        "USER": _url.username or "",
        "PASSWORD": _url.password or "",
        "HOST": _url.hostname or "",
        "PORT": _url.port or "",
        "OPTIONS": dict(parse_qsl(_url.query)),
        "CONN_MAX_AGE": 60,
    }
}
INSTALLED_APPS = ["django_celery_beat"]
SECRET_KEY = "bench"  # noqa: S105
TIME_ZONE = "UTC"
USE_TZ = True
DJANGO_CELERY_BEAT_TZ_AWARE = True
