"""Holds the coverage that we promise: kernel and every calc whole, all of it at least 90 %."""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WHOLE = 90
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


def main() -> int:
    coverage = str(Path(sys.executable).parent / "coverage")
    with tempfile.NamedTemporaryFile() as target:
        subprocess.run([coverage, "json", "--quiet", "-o", target.name], cwd=ROOT, check=True)
        report = json.loads(Path(target.name).read_text())
    found = faults(report)
    good = f"coverage {report['totals']['percent_covered']:.1f} %, kernel and calc whole"
    print("\n".join(found) or good)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
