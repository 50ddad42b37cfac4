"""Take each guard away in turn: the test that is named for it must go red, every one.

`python tools/guards.py` tries all, `python tools/guards.py throttle uploads` those.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.attacks.guards import GUARDS  # noqa: E402  (found by the line above)

PYTEST = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "tests.attacks.guards"]
GREEN, RED = 0, 1  # pytest's own; anything else is a run that did not happen


def outcome(name: str, *, off: bool) -> tuple[int, str]:
    """pytest's exit code and last words for a guard's test, with the guard or without."""
    surroundings = dict(os.environ)
    surroundings.pop("GUILDER_PROVE", None)
    surroundings.pop("GUILDER_GUARD_OFF", None)
    if off:
        surroundings["GUILDER_GUARD_OFF"] = name
    done = subprocess.run(
        [*PYTEST, GUARDS[name].test],
        cwd=ROOT,
        env=surroundings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, (done.stdout + done.stderr)[-2000:]


def holds(name: str) -> bool:
    """Whether the test of a guard is green with it and red without it; says so."""
    began = time.monotonic()
    with_it, said = outcome(name, off=False)
    without, more = outcome(name, off=True) if with_it == GREEN else (GREEN, "")
    good = (with_it, without) == (GREEN, RED)
    words = {GREEN: "green", RED: "red"}
    line = (
        f"{'ok  ' if good else 'FAIL'} {name:<18} {words.get(with_it, with_it)} with it, "
        f"{words.get(without, without)} without it, {time.monotonic() - began:.0f} s"
    )
    print(line if good else f"{line}\n{said}{more}", flush=True)
    return good


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in GUARDS]
    if unknown:
        print(f"No guard is called {unknown[0]!r}: choose from {', '.join(GUARDS)}.")
        return 2
    results = [holds(name) for name in names or GUARDS]
    print(f"{sum(results)} of {len(results)} guards are missed when they are gone.")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
