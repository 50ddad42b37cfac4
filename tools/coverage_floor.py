"""Holds the coverage that we promise: kernel and every calc whole, all of it at least 90 %."""

import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WHOLE = 90
# The sources are read in two halves at once, since that takes longest: these, and all others.
HALF = ("*/guilder/faces/*", "*/guilder/office/*")
OTHERS = (*HALF, "*/migrations/*")
PURE = re.compile(r"src/guilder/kernel/|/calc(?:\.py$|/)")


def faults(report: dict) -> list[str]:
    """What is below its floor in the JSON report of coverage, branches counted."""
    found = []
    for name, file in sorted(report["files"].items()):
        if PURE.search(name) and (file["missing_lines"] or file["missing_branches"]):
            lines = ", ".join(map(str, file["missing_lines"])) or "none"
            jumps = ", ".join(f"{start}→{end}" for start, end in file["missing_branches"]) or "none"
            found.append(f"{name}: must be covered whole; missing lines {lines}; branches {jumps}")
    covered = report["totals"]["percent_covered"]
    if covered < WHOLE:
        found.append(f"the whole is covered to {covered:.1f} %, promised are {WHOLE} %")
    return found


def together(parts: list[dict]) -> dict:
    """One JSON report of those of some files each."""
    sums = Counter()
    for part in parts:
        sums.update(part["totals"])
    whole = sums["num_statements"] + sums["num_branches"]
    percent = 100 * (sums["covered_lines"] + sums["covered_branches"]) / whole
    files = {name: file for part in parts for name, file in part["files"].items()}
    return {"files": files, "totals": {"percent_covered": percent}}


def measured() -> dict:
    """The JSON report of coverage."""
    command = [str(Path(sys.executable).parent / "coverage"), "json", "--quiet"]
    with tempfile.TemporaryDirectory() as folder:
        targets = [Path(folder) / "half.json", Path(folder) / "others.json"]
        chosen = [f"--include={','.join(HALF)}", f"--omit={','.join(OTHERS)}"]
        running = [
            subprocess.Popen([*command, choice, "-o", target], cwd=ROOT)
            for choice, target in zip(chosen, targets, strict=True)
        ]
        codes = [process.wait() for process in running]
        if any(codes):
            raise SystemExit("coverage could not say what it has measured: look above")
        return together([json.loads(target.read_text()) for target in targets])


def main() -> int:
    report = measured()
    found = faults(report)
    good = f"coverage {report['totals']['percent_covered']:.1f} %, kernel and calc whole"
    print("\n".join(found) or good)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
