"""What stands outside the program: cache, mail server, error reports."""

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from guilder.config.safety import is_true

CACHE_SECONDS = 3600
CACHE_ENTRIES = 500  # in a process's own memory
CACHE_ANSWERS_IN = 1  # seconds; a cache server that takes longer counts as gone
MAIL_SECONDS = 20
GMAIL = {"smtp.gmail.com", "smtp-relay.gmail.com"}


def cache_url(environment: Mapping[str, str] = os.environ) -> str:
    """CACHE_URL, else REDIS_URL; "" for each process's own memory."""
    return environment.get("CACHE_URL") or environment.get("REDIS_URL") or ""


def caches(environment: Mapping[str, str] = os.environ) -> dict[str, dict[str, Any]]:
    """Django's CACHES: redis://, rediss://, memcached://host:port[,host:port], or local memory."""
    url = cache_url(environment)
    common: dict[str, Any] = {"KEY_PREFIX": "guilder", "TIMEOUT": CACHE_SECONDS}
    waits = {"timeout": CACHE_ANSWERS_IN, "connect_timeout": CACHE_ANSWERS_IN}
    scheme = urlsplit(url).scheme
    if scheme in {"redis", "rediss"}:
        backend = "django.core.cache.backends.redis.RedisCache"
        socket = {f"socket_{name}": seconds for name, seconds in waits.items()}
        return {"default": {"BACKEND": backend, "LOCATION": url, "OPTIONS": socket, **common}}
    if scheme in {"memcached", "pymemcache"}:
        backend = "django.core.cache.backends.memcached.PyMemcacheCache"
        places = [
            place if ":" in place else f"{place}:11211" for place in urlsplit(url).netloc.split(",")
        ]
        return {"default": {"BACKEND": backend, "LOCATION": places, "OPTIONS": waits, **common}}
    backend = "django.core.cache.backends.locmem.LocMemCache"
    most = {"MAX_ENTRIES": CACHE_ENTRIES}
    return {"default": {"BACKEND": backend, "LOCATION": "guilder", "OPTIONS": most, **common}}


def session_engine(environment: Mapping[str, str] = os.environ) -> str:
    """Sessions live in the database; a shared cache in front of it spares the query."""
    shared = urlsplit(cache_url(environment)).scheme not in {"", "locmem"}
    return f"django.contrib.sessions.backends.{'cached_db' if shared else 'db'}"


def mail(environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Django's EMAIL_… settings from the names that people know.

    Where a password is given, STARTTLS on 587 is the default, so that it never goes in the clear.
    """
    host = environment.get("EMAIL_HOST", "").strip()
    user = environment.get("EMAIL_HOST_USER") or environment.get("EMAIL_USER") or ""
    password = environment.get("EMAIL_HOST_PASSWORD") or environment.get("EMAIL_PASSWORD") or ""
    if host.lower() in GMAIL:
        password = password.replace(" ", "")  # an app password is shown in groups of four
    ssl = is_true(environment, "EMAIL_USE_SSL") or (
        environment.get("EMAIL_PORT") == "465" and not environment.get("EMAIL_USE_SSL")
    )
    asked = environment.get("EMAIL_USE_TLS", "")
    tls = not ssl and (is_true(environment, "EMAIL_USE_TLS") if asked else bool(password))
    sender = environment.get("DEFAULT_FROM_EMAIL") or (user if "@" in user else "guilder@localhost")
    kind = "smtp" if host else "dummy"
    return {
        "EMAIL_BACKEND": f"django.core.mail.backends.{kind}.EmailBackend",
        "EMAIL_HOST": host,
        "EMAIL_PORT": int(environment.get("EMAIL_PORT") or (465 if ssl else 587 if tls else 25)),
        "EMAIL_HOST_USER": user,
        "EMAIL_HOST_PASSWORD": password,
        "EMAIL_USE_TLS": tls,
        "EMAIL_USE_SSL": ssl,
        "EMAIL_TIMEOUT": MAIL_SECONDS,
        "DEFAULT_FROM_EMAIL": sender,
        "SERVER_EMAIL": environment.get("SERVER_EMAIL") or sender,
        "EMAIL_SUBJECT_PREFIX": environment.get("EMAIL_SUBJECT_PREFIX", "[Guilder] "),
    }


def report_errors(environment: Mapping[str, str] = os.environ) -> None:
    """Send unexpected errors to SENTRY_DSN, when set; never what people typed or who they are."""
    if dsn := environment.get("SENTRY_DSN"):
        import sentry_sdk

        sentry_sdk.init(dsn=dsn, send_default_pii=False, max_request_body_size="never")
