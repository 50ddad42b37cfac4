"""Settings that are not safe, or cannot be right: each refused at start with one sentence."""

import importlib.util
import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from guilder.config import cors
from guilder.foundation.edges import scopes
from guilder.kernel.errors import Invalid, Problem

TRUE = frozenset({"1", "true", "yes", "on"})
KEY_LENGTH = 32  # characters
GUESSABLE = ("django-insecure", "change", "secret", "example", "password", "your-")
THROTTLE = re.compile(r"off|[1-9][0-9]{0,8}/(second|minute|hour|day)")
CACHES = ("redis", "rediss", "memcached", "pymemcache", "locmem")
DATABASES = ("postgresql", "postgres", "pgsql")


class UnsafeSettings(Invalid):
    """Guilder does not start with these settings."""

    code = "config.unsafe_settings"


def require_safe(environment: Mapping[str, str]) -> None:
    """Raise UnsafeSettings, which lists every fault, unless `environment` is safe to start with."""
    problems = [
        Problem("", f"config.{name.lower()}", detail) for name, detail in faults(environment)
    ]
    if problems:
        raise UnsafeSettings(" ".join(problem.detail for problem in problems), problems=problems)


def faults(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(name of the setting, sentence) for everything that must not be."""
    yield from _address_faults(environment)
    yield from _secret_faults(environment)
    yield from _place_faults(environment)
    yield from _mail_faults(environment)
    yield from _throttle_faults(environment)
    yield from _origin_faults(environment)
    yield from _sign_in_faults(environment)
    if environment.get("SENTRY_DSN") and importlib.util.find_spec("sentry_sdk") is None:
        yield "SENTRY_DSN", "SENTRY_DSN is set but its package is missing: pip install sentry-sdk."


def is_true(environment: Mapping[str, str], name: str) -> bool:
    """Whether a switch is on."""
    return environment.get(name, "").strip().lower() in TRUE


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine only."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _address_faults(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    base = environment.get("GUILDER_BASE_URL", "")
    if base:
        parts = urlsplit(base)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            yield (
                "GUILDER_BASE_URL",
                f"GUILDER_BASE_URL={base} is no address: write https://billing.example.com.",
            )
        elif not is_loopback(parts.hostname):
            if parts.scheme == "http":
                yield (
                    "GUILDER_BASE_URL",
                    f"GUILDER_BASE_URL={base} would send passwords in the clear: use https.",
                )
            if is_true(environment, "DEBUG"):
                yield (
                    "DEBUG",
                    "DEBUG shows settings and data to everyone who causes an error: turn it off, "
                    "or leave GUILDER_BASE_URL out.",
                )
    hosts = [host.strip() for host in environment.get("ALLOWED_HOSTS", "").split(",")]
    if "*" in hosts and not is_true(environment, "DEBUG"):
        yield (
            "ALLOWED_HOSTS",
            "ALLOWED_HOSTS=* lets strangers choose the address in our links: name the hosts.",
        )


def _secret_faults(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    key = environment.get("SECRET_KEY", "")
    if not key or is_true(environment, "DEBUG"):
        return
    if len(key) < KEY_LENGTH or len(set(key)) < 8:
        yield (
            "SECRET_KEY",
            f"SECRET_KEY can be guessed: give {KEY_LENGTH} random characters or more, or leave it "
            "out and Guilder makes one.",
        )
    elif key.lower().startswith(GUESSABLE):
        yield (
            "SECRET_KEY",
            "SECRET_KEY is a placeholder from an example: give a random one, or leave it out and "
            "Guilder makes one.",
        )


def _place_faults(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in ("DATABASE_URL", "GUILDER_OWNER_DATABASE_URL"):
        if (given := environment.get(name)) and urlsplit(given).scheme not in DATABASES:
            yield name, f"{name} must begin with postgresql://: Guilder works on PostgreSQL only."
    for name in ("CACHE_URL", "REDIS_URL"):
        if (given := environment.get(name)) and urlsplit(given).scheme not in CACHES:
            yield name, f"{name} must begin with redis://, rediss:// or memcached://."
    for text in environment.get("GUILDER_TRUSTED_PROXIES", "").split(","):
        if not text.strip():
            continue
        try:
            network = ip_network(text.strip(), strict=False)
        except ValueError:
            yield (
                "GUILDER_TRUSTED_PROXIES",
                f"GUILDER_TRUSTED_PROXIES: {text.strip()} is no address or network.",
            )
            continue
        if network.prefixlen == 0:
            yield (
                "GUILDER_TRUSTED_PROXIES",
                "GUILDER_TRUSTED_PROXIES may not be everybody: name your proxies' addresses.",
            )


def _sign_in_faults(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    registration = environment.get("GUILDER_REGISTRATION", "").strip().lower()
    if registration and registration not in {"off", "invitation", "open"}:
        yield (
            "GUILDER_REGISTRATION",
            f"GUILDER_REGISTRATION={registration} is unknown: write off, invitation or open.",
        )
    seconds = environment.get("GUILDER_PROOF_SECONDS", "")
    if seconds and not (seconds.isdecimal() and 60 <= int(seconds) <= 86400):
        yield (
            "GUILDER_PROOF_SECONDS",
            f"GUILDER_PROOF_SECONDS={seconds} is no fit: write seconds from 60 to 86400.",
        )
    breached = environment.get("GUILDER_BREACHED_PASSWORDS", "")
    if breached and not Path(breached).is_file():
        yield (
            "GUILDER_BREACHED_PASSWORDS",
            f"GUILDER_BREACHED_PASSWORDS={breached} is no file: name a list of SHA-1 hashes.",
        )


def _throttle_faults(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for scope in scopes.SCOPES:
        name = f"{scopes.PREFIX}{scope.upper()}"
        if (given := environment.get(name)) and not THROTTLE.fullmatch(given):
            yield name, f"{name}={given} is not understood: write it as 10/day, or off."
    for name in scopes.unknown(environment):
        yield name, f"{name} limits nothing: the scopes are {', '.join(scopes.SCOPES)}."


def _origin_faults(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    given = cors.origins(environment)
    for origin in given:
        if origin == "*" and len(given) == 1:
            continue
        parts = urlsplit(origin)
        if parts.scheme not in {"http", "https"} or f"{parts.scheme}://{parts.netloc}" != origin:
            yield (
                "GUILDER_CORS_ORIGINS",
                f"GUILDER_CORS_ORIGINS: {origin} is no origin: write https://app.example.com, "
                "several with commas, or * alone.",
            )


def _mail_faults(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if is_true(environment, "EMAIL_USE_TLS") and is_true(environment, "EMAIL_USE_SSL"):
        yield (
            "EMAIL_USE_TLS",
            "EMAIL_USE_TLS (port 587) and EMAIL_USE_SSL (port 465) exclude each other: set one.",
        )
    port = environment.get("EMAIL_PORT", "")
    if port and not (port.isdigit() and 0 < int(port) < 65536):
        yield "EMAIL_PORT", f"EMAIL_PORT={port} is no port number."
