"""Which PostgreSQL, and as whom: `default` is the app's role, `owner` the role of migrations."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

import dj_database_url

from guilder.config.home import socket_folder

# Django sets psycopg's threshold to None, which silently ignores prepare=True on our hot
# statements; this high the ORM itself never prepares, ours do.
PREPARE_ON_REQUEST_ONLY = 10**6


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


def addresses(home: Path) -> tuple[str, str]:
    """(address for the app's role, address for the owner's role)."""
    app_url = os.environ.get("DATABASE_URL", "")
    owner_url = os.environ.get("GUILDER_OWNER_DATABASE_URL", "")
    if app_url or owner_url:
        return app_url or owner_url, owner_url or app_url
    return embedded_address(home, "guilder_app"), embedded_address(home, "guilder")


def embedded_address(home: Path, role: str) -> str:
    """The socket address of the embedded server under `home` for `role`."""
    return (
        f"postgresql://{role}@/guilder?host={quote(str(socket_folder(home)), safe='')}"
    )
