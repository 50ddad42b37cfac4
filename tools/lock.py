"""Writes the lock files: pinned, hashed, without index addresses.

`requirements.lock` is what running needs, `requirements-dev.lock` adds what developing needs,
`requirements-rules.lock` the packages of which only official rules are read (the code that reads
them pins them), `tools/installer.lock` holds the installers themselves, and `requirements.txt` is
the same set of versions for the conventional `pip install -r requirements.txt`: pip refuses to mix
hashes with a folder, and the last line of that file is this folder.
"""

import argparse
import re
import shutil
import subprocess
import sys
from pathlib import Path

from guilder.papers.exchange.rules import releases

ROOT = Path(__file__).resolve().parent.parent
INSTALLERS = ("uv", "hatchling", "editables")
COMPILE = ("pip", "compile", "--quiet", "--universal", "--python-version", "3.11")
HASHED = ("--generate-hashes", "--no-emit-index-url", "--no-header")
PIN = re.compile(r"^(?P<pin>[A-Za-z0-9][A-Za-z0-9._-]*==[^\s\\;]+(?:\s*;[^\\]+)?)")
HEAD = """\
# The conventional way: pip install -r requirements.txt
# Written by `make lock` from requirements.lock, which holds the same versions with their hashes.
"""


def pins(lock: str) -> list[str]:
    """The pinned requirements of a lock file, without their hashes."""
    found = (PIN.match(line) for line in lock.splitlines())
    return [match["pin"].strip() for match in found if match]


def conventional(lock: str) -> str:
    """The text of requirements.txt that belongs to the text of requirements.lock."""
    return HEAD + "\n".join([*pins(lock), "", "-e .", ""])


def solve(target: Path, *sources: str, upgrade: bool, text: str | None = None) -> None:
    """Solve `sources` (and the requirements in `text`) into the lock file `target`."""
    uv = shutil.which("uv") or str(ROOT / ".venv/bin/uv")
    command = [uv, *COMPILE, *HASHED, *(["--upgrade"] if upgrade else []), *sources]
    subprocess.run([*command, "-o", str(target)], cwd=ROOT, input=text, text=True, check=True)
    target.write_text(target.read_text().replace(f"{ROOT}/", ""))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--upgrade", action="store_true", help="take the newest allowed versions")
    parser.add_argument("--conventional", action="store_true", help="only rewrite requirements.txt")
    chosen = parser.parse_args()
    if not chosen.conventional:
        extras = ("pyproject.toml", "--all-extras")
        solve(ROOT / "requirements.lock", *extras, upgrade=chosen.upgrade)
        solve(ROOT / "requirements-dev.lock", *extras, "--group", "dev", upgrade=chosen.upgrade)
        wanted = "\n".join(INSTALLERS) + "\n"
        solve(ROOT / "tools/installer.lock", "-", upgrade=chosen.upgrade, text=wanted)
    (ROOT / "requirements-rules.lock").write_text(releases.as_lock())
    lock = (ROOT / "requirements.lock").read_text()
    (ROOT / "requirements.txt").write_text(conventional(lock))
    return 0


if __name__ == "__main__":
    sys.exit(main())
