"""Everything that can be said about the code without running it: `make check`.

Two checks run at a time; each prints one line, and what it found when it fails. Give names to run
only those: `python tools/check.py lint types`.
"""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTHON = sys.executable
SHOWN = 60  # lines of a failed check

# Longest first, so that two at a time end together.
CHECKS: dict[str, list[str]] = {
    "types": [f"{BIN}/basedpyright", "--level", "error"],
    "imports": [f"{BIN}/lint-imports", "--no-logo"],
    "django": [PYTHON, "manage.py", "check"],
    "models": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "migrations": [PYTHON, "tools/migrations.py"],
    "unsafe": [PYTHON, "tools/unsafe.py"],
    "templates": [f"{BIN}/djlint", "src", "--lint", "--quiet"],
    "dependencies": [f"{BIN}/deptry", "src"],
    "licences": [PYTHON, "tools/licences.py"],
    "lint": [f"{BIN}/ruff", "check", "--quiet", "."],
    "format": [f"{BIN}/ruff", "format", "--check", "--quiet", "."],
    "catalogues": [PYTHON, "tools/catalogues.py", "--check"],
    "secrets": [PYTHON, "tools/secret_scan.py"],
    "words": [PYTHON, "tools/words.py"],
}


def environment(home: str) -> dict[str, str]:
    """Settings under which Django loads without touching a database or anybody's data."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POSTGRES_")}
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing?connect_timeout=1"
    return kept | {
        "GUILDER_HOME": home,
        "DATABASE_URL": nowhere,
        "GUILDER_OWNER_DATABASE_URL": nowhere,
        "DEBUG": "1",
        "GUILDER_BASE_URL": "http://127.0.0.1:8000",
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONWARNINGS": "ignore::RuntimeWarning",
    }


def run(name: str, surroundings: dict[str, str]) -> bool:
    """Run one check, print its line, and tell whether it passed."""
    started = time.monotonic()
    done = subprocess.run(
        CHECKS[name],
        cwd=ROOT,
        env=surroundings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    good = done.returncode == 0
    line = f"{'ok  ' if good else 'FAIL'} {name:<13} {time.monotonic() - started:5.1f} s"
    said = done.stdout.rstrip().splitlines()
    shown = [line] if good else [line, *said[:SHOWN]]
    if not good and len(said) > SHOWN:
        shown.append(f"… and {len(said) - SHOWN} lines more: {' '.join(CHECKS[name])}")
    print("\n".join(shown), flush=True)
    return good


def main(wanted: list[str]) -> int:
    unknown = [name for name in wanted if name not in CHECKS]
    if unknown:
        print(f"No check is called {unknown[0]!r}: choose from {', '.join(CHECKS)}.")
        return 2
    with tempfile.TemporaryDirectory() as home, ThreadPoolExecutor(2) as pool:
        surroundings = environment(home)
        results = list(pool.map(lambda name: run(name, surroundings), wanted or CHECKS))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
