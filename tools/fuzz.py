"""Every reader of documents under Atheris, one after the other: `make prove NAME=fuzz`.

`python tools/fuzz.py [NAME…]`; GUILDER_FUZZ_SECONDS (600) is the time of each. Atheris is no
dependency of the project: it has wheels for few systems, so it lives in an environment of its own
(.cache/fuzz/env) beside the packages of .venv.
"""

import os
import re
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / ".cache" / "fuzz"
PINNED = "atheris==3.0.0"
NAMES = (
    "ubl", "cii", "zugferd1", "fatturapa", "ksef", "pint", "pdf", "json", "csv", "response",
    "envelope", "mail", "as4",
)  # fmt: skip
TRIED = re.compile(r"stat::number_of_executed_units:\s*(\d+)|Done (\d+) runs")


def environment() -> Path:
    """The interpreter that has Atheris; made with the first use."""
    place = PLACE / "env"
    python = place / "bin" / "python"
    if not (place / "ready").exists():
        venv.create(place, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "-q", PINNED], check=True)
        (place / "ready").touch()
    return python


def fuzz(name: str, python: Path, *, seconds: int) -> bool:
    """One reader; whether nothing was found."""
    ours = (ROOT / "src", ROOT, sysconfig.get_paths()["purelib"])
    surroundings = os.environ | {
        "PYTHONPATH": os.pathsep.join(map(str, ours)),
        "DJANGO_SETTINGS_MODULE": "guilder.config.settings",
    }
    run = subprocess.run(
        [python, "-m", "tests.fuzz", name, str(seconds)],
        cwd=ROOT,
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
        errors="replace",
    )
    said = run.stdout + run.stderr
    tried = max((int(a or b) for a, b in TRIED.findall(said)), default=0)
    good = run.returncode == 0 and tried > 0
    print(f"{name}: {tried:,} inputs in {seconds} s, {'nothing' if good else 'SOMETHING'} found")
    if not good:
        print("\n".join(said.splitlines()[-40:]))
    sys.stdout.flush()
    return good


def main(names: list[str]) -> int:
    seconds = int(os.environ.get("GUILDER_FUZZ_SECONDS", "600"))
    python = environment()
    results = [fuzz(name, python, seconds=seconds) for name in names or NAMES]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
