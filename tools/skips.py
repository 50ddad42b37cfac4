"""Prints every skipped test and fails on one that is not in tests/allowed-skips.txt.

Reads the report that `pytest --junitxml=FILE` wrote: `python tools/skips.py FILE`. The list holds
one pattern a line (`*` matches anything), then ` | ` and the reason.
Expected failures count as skips.
"""

import sys
from fnmatch import fnmatchcase
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
ALLOWED = ROOT / "tests/allowed-skips.txt"


def allowed(text: str) -> dict[str, str]:
    """Pattern → reason, of the committed list; a line without a reason is refused."""
    lines = [line.strip() for line in text.splitlines()]
    pairs = [line.partition(" | ") for line in lines if line and not line.startswith("#")]
    for pattern, _, reason in pairs:
        if not reason.strip():
            raise SystemExit(f"tests/allowed-skips.txt: {pattern} needs “ | ” and a reason.")
    return {pattern.strip(): reason.strip() for pattern, _, reason in pairs}


def skipped(report: str) -> list[tuple[str, str]]:
    """(test, reason) of every test that the JUnit report calls skipped."""
    found = []
    for case in ElementTree.fromstring(report).iter("testcase"):
        skip = case.find("skipped")
        if skip is not None:
            name = f"{case.get('classname', '')}.{case.get('name', '')}".strip(".")
            found.append((name, skip.get("message", "")))
    return found


def main(report: str) -> int:
    patterns = allowed(ALLOWED.read_text())
    unknown = 0
    for name, reason in skipped(Path(report).read_text()):
        known = any(fnmatchcase(name, pattern) for pattern in patterns)
        unknown += not known
        print(f"skipped{'' if known else ' AND NOT ON THE LIST'}: {name}: {reason}")
    if unknown:
        print(f"{unknown} not in tests/allowed-skips.txt: make them run, or write the reason.")
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
