"""Homes that `guilder up` has made from nothing, once for all tests: copied, they spare the making.

They lie under .cache/ by a hash of the program, and are made anew when anything in it changed.
"""

import fcntl
import hashlib
import shutil
import subprocess
from functools import cache
from pathlib import Path

from guilder.runtime.postgres import EmbeddedPostgres
from tests.stories.running import serving

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".cache" / "homes"


def copy_home(to: Path, *, demo: bool) -> Path:
    """A stopped home at `to` whose tables are made, with the demo in it or empty."""
    subprocess.run(["cp", "-a", str(made_home(demo=demo)), str(to)], check=True)
    return to


@cache
def made_home(*, demo: bool) -> Path:
    """The home that is copied; it is made first where there is none of today's program."""
    KEPT.mkdir(parents=True, exist_ok=True)
    home = KEPT / f"{mark()}-{'demo' if demo else 'empty'}"
    like = made_home(demo=False) if demo else None
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            make(home, like)
    return home


def make(home: Path, like: Path | None) -> None:
    """Start the program in a folder beside `home` and stop it; then it takes the place.

    It begins with nothing and makes its tables; in a copy of an empty home it makes the demo.
    """
    for old in KEPT.glob("*-*"):
        if not old.name.startswith(mark()):
            shutil.rmtree(old, ignore_errors=True)
    making = home.with_name(f"making.{home.name.rpartition('-')[2]}")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir()
    if like is not None:
        subprocess.run(["cp", "-a", str(like), str(making / "home")], check=True)
    with serving(making / "home", "--no-demo") as house:
        if like is not None:
            house.command("demo")
    settle(making / "home")
    (making / "home").rename(home)
    shutil.rmtree(making)


def settle(home: Path) -> None:
    """Stop a server that a slow machine left running: what it leaves would hinder every copy."""
    if any(home.glob("run/.s.PGSQL.*")):
        EmbeddedPostgres(home, durable=False).up().stop()


def mark() -> str:
    """A short hash of the whole program."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "src").rglob("*.[ps][yq]*")):
        if path.suffix in {".py", ".sql"}:
            digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]
