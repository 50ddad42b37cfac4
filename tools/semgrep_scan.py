"""semgrep with the rules of tools/semgrep over everything that runs.

It is too large for every environment (400 MB) and too slow for every check, so it has a place of
its own: `make prove NAME=semgrep` and the weekly audit install it there, at one version. The rules
are tried on their planted faults first: a rule that sees nothing proves nothing. None of them is
fetched, and nothing is sent anywhere.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RULES = ROOT / "tools/semgrep"
PLACE = ROOT / ".cache/semgrep"
VERSION = "1.182.0"
QUIET = ("--metrics", "off", "--disable-version-check")


def program() -> str:
    """The path of semgrep in a place of its own; installs it when it is not there."""
    found = PLACE / "bin/semgrep"
    marked = PLACE / f"is-{VERSION}"
    if not marked.exists():
        shutil.rmtree(PLACE, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(PLACE)], check=True)
        pip = [str(PLACE / "bin/python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, f"semgrep=={VERSION}"], check=True)
        marked.touch()
    return str(found)


def run(*words: str) -> int:
    """semgrep's exit code; it looks for its core beside itself."""
    surroundings = os.environ | {"PATH": f"{PLACE / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    command = [program(), "scan", *QUIET, *words]
    return subprocess.run(command, cwd=ROOT, env=surroundings, check=False).returncode


def main() -> int:
    program()
    if run("--test", str(RULES)):
        print("A rule does not see what was planted for it.")
        return 1
    return run("--error", "--quiet", "--config", str(RULES / "guilder.yml"), "src", "manage.py")


if __name__ == "__main__":
    sys.exit(main())
