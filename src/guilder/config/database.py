"""Which PostgreSQL, and as whom: `default` is the app's role, `owner` the role of migrations."""

import base64
import hashlib
import hmac
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import dj_database_url

from guilder.config.home import secret_key, socket_folder

# Django sets psycopg's threshold to None, which silently ignores prepare=True on our hot
# statements; this high the ORM itself never prepares, ours do.
PREPARE_ON_REQUEST_ONLY = 10**6
GIVEN = ("DATABASE_URL", "GUILDER_OWNER_DATABASE_URL", "POSTGRES_DB", "POSTGRES_HOST")
PROBE_SECONDS = 3

# One role for everything: may it make another, or is it itself the bound one?
MAKES_ROLES = "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"


def databases(home: Path) -> dict[str, dict[str, Any]]:
    """Django's DATABASES from DATABASE_URL, GUILDER_OWNER_DATABASE_URL or POSTGRES_*.

    With nothing given it is the embedded server under `home`.
    """
    app_url, owner_url = addresses(home)
    return {"default": entry(app_url), "owner": entry(owner_url)}


def entry(url: str) -> dict[str, Any]:
    """One DATABASES entry for a postgresql:// address; a socket folder may stand in ?host=."""
    settings: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=600))
    options = dict(settings.get("OPTIONS", {}))
    settings["HOST"] = options.pop("host", None) or settings.get("HOST", "")
    options.setdefault("prepare_threshold", PREPARE_ON_REQUEST_ONLY)
    settings["OPTIONS"] = options
    settings["ATOMIC_REQUESTS"] = False
    settings["CONN_HEALTH_CHECKS"] = True
    settings["DISABLE_SERVER_SIDE_CURSORS"] = False
    return settings


def is_external() -> bool:
    """Whether the environment names a server; else the embedded one is meant."""
    return any(os.environ.get(name) for name in GIVEN)


def addresses(home: Path) -> tuple[str, str]:
    """(address for the app's role, address for the owner's role).

    Given the owner's alone, or one role that may make others, the app's role is derived from it
    (`guilder migrate` makes it); given a bound role alone, it stands for both.
    """
    given = os.environ.get("DATABASE_URL") or from_parts()
    owner = os.environ.get("GUILDER_OWNER_DATABASE_URL", "")
    if not given and not owner:
        return embedded_address(home, "guilder_app"), embedded_address(home, "guilder")
    if given and owner:
        return given, owner
    if owner or makes_roles(given):
        return derived(owner or given, home), owner or given
    return given, given


def from_parts() -> str:
    """The address that POSTGRES_DB, _USER, _PASSWORD, _HOST and _PORT describe; "" without them."""
    name, host = os.environ.get("POSTGRES_DB", ""), os.environ.get("POSTGRES_HOST", "")
    if not name and not host:
        return ""
    user = os.environ.get("POSTGRES_USER") or "postgres"
    password = os.environ.get("POSTGRES_PASSWORD", "")
    sign_in = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
    port = os.environ.get("POSTGRES_PORT") or "5432"
    database = quote(name or user, safe="")
    if host.startswith("/"):
        return f"postgresql://{sign_in}@:{port}/{database}?host={quote(host, safe='')}"
    return f"postgresql://{sign_in}@{host or 'localhost'}:{port}/{database}"


def makes_roles(url: str) -> bool:
    """Whether the role of `url` may make others; False too when the server does not answer."""
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=PROBE_SECONDS) as connection:
            row = connection.execute(MAKES_ROLES).fetchone()
    except psycopg.Error:  # told when the database is really used
        return False
    return bool(row and row[0])


def derived(owner: str, home: Path) -> str:
    """The owner's address with the app's role and a password that only SECRET_KEY gives."""
    parts = urlsplit(owner)
    role = f"{unquote(parts.path.lstrip('/')) or 'guilder'}_app"
    sign_in = quote(role, safe="")
    if parts.password:
        key = secret_key(home).encode()
        mark = hmac.new(key, f"database role {role}".encode(), hashlib.sha256).digest()
        sign_in += ":" + base64.urlsafe_b64encode(mark).decode().rstrip("=")
    place = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{sign_in}@{place}").geturl()


def embedded_address(home: Path, role: str) -> str:
    """The socket address of the embedded server under `home` for `role`."""
    return f"postgresql://{role}@/guilder?host={quote(str(socket_folder(home)), safe='')}"
