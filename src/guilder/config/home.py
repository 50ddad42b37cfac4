"""Where Guilder keeps its data, and the secret key that it makes for itself on first start."""

import hashlib
import os
import secrets
import sys
from pathlib import Path

SOCKET_PATH_LIMIT = 107 - len("/.s.PGSQL.5432.lock")  # sun_path, bytes


def home() -> Path:
    """GUILDER_HOME, else the platform's data folder; not created here."""
    if given := os.environ.get("GUILDER_HOME"):
        return Path(given).expanduser().absolute()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "guilder"
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base).expanduser() / "guilder"


def secret_key(folder: Path) -> str:
    """SECRET_KEY from the environment, else the one kept in `folder`/secret-key (made at need)."""
    if given := os.environ.get("SECRET_KEY"):
        return given
    path = folder / "secret-key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        folder.mkdir(parents=True, exist_ok=True)
    key = secrets.token_urlsafe(48)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process made it in the meantime
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(key + "\n")
    return key


def socket_folder(folder: Path) -> Path:
    """Where the embedded server's socket lies: `folder`/run, or a short path for a long one."""
    run = folder / "run"
    if len(os.fsencode(run)) <= SOCKET_PATH_LIMIT:
        return run
    # Not TMPDIR: every process must find the same place, whatever its environment.
    mark = hashlib.sha256(os.fsencode(os.path.realpath(folder))).hexdigest()[:16]
    return Path("/tmp") / f"guilder-{mark}"  # noqa: S108 (its owner is checked before use)
