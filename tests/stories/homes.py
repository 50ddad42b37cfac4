"""A home that `guilder up` has made from nothing, once for all tests: copied, it spares the making.

It lies under .cache/ by a hash of the program, and is made anew when anything in it changed.
"""

import fcntl
import hashlib
import shutil
import subprocess
from functools import cache
from pathlib import Path

from tests.stories.running import serving

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".cache" / "homes"


def copy_home(to: Path) -> Path:
    """A stopped home at `to` whose tables are made, without a demo."""
    subprocess.run(["cp", "-a", str(made_home()), str(to)], check=True)
    return to


@cache
def made_home() -> Path:
    """The home that is copied; it is made first where there is none of today's program."""
    KEPT.mkdir(parents=True, exist_ok=True)
    home = KEPT / f"{mark()}-empty"
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            make(home)
    return home


def make(home: Path) -> None:
    """Start the program in a folder beside `home` and stop it; then it takes the place."""
    for old in KEPT.glob("*-empty"):
        shutil.rmtree(old, ignore_errors=True)
    making = KEPT / "making"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir()
    with serving(making / "home", "--no-demo"):
        pass  # ready: the tables are made
    (making / "home").rename(home)
    shutil.rmtree(making)


def mark() -> str:
    """A short hash of the whole program."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "src").rglob("*.[ps][yq]*")):
        if path.suffix in {".py", ".sql"}:
            digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]
