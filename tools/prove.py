"""The long proofs: `make prove`, or one of them by NAME=….

Each runs at its full size and leaves its last lines and its time in docs/proof/<name>.md.
"""

import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTEST = str(Path(sys.executable).parent / "pytest")
KEPT = 40  # last lines that go to the page

PROOFS: dict[str, tuple[str, list[str]]] = {
    "full-size": (
        "Every test outside the browser that grows under this command, at full size.",
        [
            *(PYTEST, "-q", "-m", "slow or sized", "--ignore", "tests/acceptance"),
            *("--timeout", "3600", "--durations=20", "tests"),
        ],
    ),
    "every-page": (
        "The browser tests at full size: every page under axe in both themes and at both widths.",
        [PYTEST, "-q", "--timeout", "3600", "tests/acceptance"],
    ),
    "postgresql-15": (
        "The tests that use a database, on the oldest PostgreSQL that we promise.",
        ["bash", "tools/test-on-postgres.sh"],
    ),
    "guards": (
        "Each guard taken away in turn: the test that is named for it goes red.",
        [sys.executable, "tools/guards.py"],
    ),
    "semgrep": (
        "Our rules of semgrep: each sees its planted fault, none finds another.",
        [sys.executable, "tools/semgrep_scan.py"],
    ),
    "fuzz": (
        "Every reader of documents under Atheris, ten minutes each: nothing but our own refusals.",
        [sys.executable, "tools/fuzz.py"],
    ),
    "bare-machine": (
        "`make run` on a Debian with nothing but Python and make.",
        ["bash", "tools/prove-bare-machine.sh"],
    ),
}


def prove(name: str) -> bool:
    """Run one proof, show what it says, and write its page."""
    what, command = PROOFS[name]
    print(f"== {name}: {what}", flush=True)
    began, lines = time.monotonic(), []
    surroundings = os.environ | {"GUILDER_PROVE": "1"}
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=surroundings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            lines.append(line.rstrip())
    good = process.returncode == 0
    write(name, what, lines=lines, seconds=time.monotonic() - began, good=good)
    return good


def write(name: str, what: str, *, lines: list[str], seconds: float, good: bool) -> None:
    """The page of one proof: when, where, how long, and its last lines."""
    page = ROOT / "docs/proof" / f"{name}.md"
    page.parent.mkdir(parents=True, exist_ok=True)
    ask = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(ask, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    tail = "\n".join(lines[-KEPT:]).replace(str(ROOT), ".")
    page.write_text(
        f"# {name}\n\n{what}\n\n"
        f"{'Holds' if good else 'DOES NOT HOLD'} · {datetime.now(UTC):%Y-%m-%d} · "
        f"commit {commit.strip()} · {seconds:.0f} s · Python {platform.python_version()}, "
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}\n\n```\n{tail}\n```\n"
    )


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in PROOFS]
    if unknown:
        print(f"No proof is called {unknown[0]!r}: choose from {', '.join(PROOFS)}.")
        return 2
    results = [prove(name) for name in names or PROOFS]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
