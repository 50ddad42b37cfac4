"""The operating system account that the embedded PostgreSQL runs as (it refuses to be root)."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guilder.runtime.postgres.faults import NoAccount

PREFERRED = ("guilder", "postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """The server's account, and the account that runs this program."""

    uid: int
    gid: int
    name: str
    caller: str

    @property
    def borrowed(self) -> bool:
        """Whether we are root and lower ourselves to this account for the server."""
        return os.geteuid() == 0

    def lowered(self) -> dict[str, Any]:
        """Arguments for subprocess that start a program as this account."""
        if not self.borrowed:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def choose(data: Path) -> Account:
    """The account for the server: our own, or as root the owner of `data`, else a known one.

    Raises NoAccount when there is none.
    """
    caller = _entry(os.geteuid())
    if os.geteuid() != 0:
        return Account(caller.pw_uid, caller.pw_gid, caller.pw_name, caller.pw_name)
    entry = _owner(data) or _preferred()
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name, caller.pw_name)


def _owner(data: Path) -> pwd.struct_passwd | None:
    """The account that already owns `data`; a later package may have added a preferred one."""
    try:
        uid = data.stat().st_uid
    except FileNotFoundError:
        return None
    return _entry(uid) if uid != 0 else None


def _preferred() -> pwd.struct_passwd:
    for name in PREFERRED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoAccount(
        "PostgreSQL does not run as root and there is no account for it: "
        "`useradd --system guilder` makes one."
    )


def _entry(uid: int) -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        raise NoAccount(
            f"User id {uid} has no entry in /etc/passwd, which PostgreSQL needs: add one, or give "
            "DATABASE_URL a server of your own."
        ) from None
