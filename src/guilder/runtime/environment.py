"""What the runtime reads from the environment, and what it hands to its children."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from guilder.config import database, home
from guilder.runtime.postgres import Cluster, EmbeddedPostgres


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the database is: as the app's role and as the owner's ("" when not known)."""

    app: str
    owner: str


def load(*, data: str | Path | None = None) -> Path:
    """Read `.env` of the working folder, let `data` win over GUILDER_HOME; returns the home."""
    from dotenv import load_dotenv

    load_dotenv(Path.cwd() / ".env")
    if data is not None:
        os.environ["GUILDER_HOME"] = str(Path(data).expanduser().absolute())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guilder.config.settings")
    return home.home()


def keep_bytecode(folder: Path) -> None:
    """Keep compiled modules under `folder` where the environment forbids them beside the source.

    Compiling everything at each start would cost more than the start itself.
    """
    if not sys.dont_write_bytecode:
        return
    cache = folder / "cache" / "python"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        cache.mkdir(parents=True, exist_ok=True)
    except OSError:  # told in one sentence when the folder is really needed
        return
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(cache)
    sys.dont_write_bytecode = False


def open_database(folder: Path) -> tuple[Addresses, Cluster | None]:
    """The configured database's addresses, or those of the embedded server, which then runs.

    Raises a postgres.DatabaseFault when the embedded server cannot run.
    """
    if database.is_external():
        return Addresses(*database.addresses(folder)), None
    cluster = EmbeddedPostgres(folder).up()
    return Addresses(cluster.app_url, cluster.owner_url), cluster


def cores() -> int:
    """How many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def set_up(data: str | None) -> None:
    """Make models importable. Nothing is written and no database asked."""
    load(data=data)
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
