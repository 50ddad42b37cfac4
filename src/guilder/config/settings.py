"""Django settings, read from the environment and `.env`; every name here has a safe default."""

import os
from pathlib import Path

from dotenv import load_dotenv

load_dotenv(Path.cwd() / ".env")

from guilder.config import database, home  # noqa: E402  (the environment comes first)

HOME = home.home()
DEBUG = os.environ.get("DEBUG", "").lower() in {"1", "true", "yes", "on"}
SECRET_KEY = home.secret_key(HOME)
BASE_URL = os.environ.get("GUILDER_BASE_URL", "").rstrip("/")
ALLOWED_HOSTS = [
    host.strip()
    for host in os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
    if host.strip()
]

ROOMS = [
    "guilder.foundation.tenancy",
    "guilder.foundation.identity",
    "guilder.foundation.files",
    "guilder.foundation.events",
    "guilder.foundation.audit",
    "guilder.foundation.jobs",
    "guilder.foundation.edges",
    "guilder.registers.numbering",
    "guilder.registers.tax",
    "guilder.registers.currencies",
    "guilder.registers.catalogue",
    "guilder.registers.parties",
    "guilder.papers.rendering",
    "guilder.papers.exchange",
    "guilder.books.ledger",
    "guilder.books.invoicing",
    "guilder.books.payments",
    "guilder.office.dispatch",
    "guilder.faces.web",
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    *ROOMS,
]

AUTH_USER_MODEL = "identity.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "guilder.config.urls"
WSGI_APPLICATION = "guilder.config.wsgi.application"
ASGI_APPLICATION = "guilder.config.asgi.application"
DATABASES = database.databases(HOME)
DATABASE_ROUTERS: list[str] = []
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
STATIC_URL = "/static/"
