"""bandit over everything that runs, with each exception and its reason.

bandit's B### is the linter's S###: a `noqa: S###` beside a line or at the head of a file, which
carries its reason there, excuses both. A statement of SQL that is put together when its module is
imported holds no caller's text. What is left is excused below, by place; an excuse that nothing
needs any more fails as well.
"""

import ast
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WHERE = ("src", "manage.py")
# Kinds that say nothing about a place: programs are started with lists of words
# (tests/attacks/test_sources.py: no shell, and every starter is known).
NOT_ASKED = ("B404", "B603", "B607")
EXCUSED = {
    ("B105", "src/guilder"): "names of purposes, fields and addresses, judged by secret_scan.py",
    ("B107", "src/guilder"): "an empty default, which is no password",
    ("B703", "src/guilder/faces/web/lists/cells.py"): "every value in it is escaped there",
    ("B703", "src/guilder/faces/web/pieces.py"): "a template's own output, and the page's token",
    ("B703", "src/guilder/faces/web/templatetags/lists.py"): "a template's own output",
}


def findings() -> list[dict[str, object]]:
    """What bandit has to say."""
    done = subprocess.run(
        [
            sys.executable, "-m", "bandit", "-q", "-r", *WHERE, "-f", "json",
            "--skip", ",".join(NOT_ASKED),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    if done.returncode not in {0, 1}:
        raise SystemExit(done.stderr[-2000:])
    said = json.loads(done.stdout)
    if said["errors"]:
        raise SystemExit(f"bandit could not read: {said['errors']}")
    return said["results"]


def is_noted(finding: dict[str, object], text: str) -> bool:
    """Whether the place itself says why, or is one where no caller's text can be."""
    mark, lines = f"S{str(finding['test_id'])[1:]}", text.splitlines()
    if any(line.startswith("# ruff: noqa") and mark in line for line in lines[:10]):
        return True
    if finding["test_id"] == "B608" and is_constant(text, int(str(finding["line_number"]))):
        return True
    first, last = min(finding["line_range"]), max(finding["line_range"])  # type: ignore[call-overload]
    near = lines[first - 1 : last + 1]
    return any("noqa" in line and mark in line for line in near)


def is_constant(text: str, number: int) -> bool:
    """Whether a line belongs to a statement that runs with the import of its module."""
    inside = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return any(
        one.lineno <= number <= (one.end_lineno or one.lineno) and not isinstance(one, inside)
        for one in ast.parse(text).body
    )


def excuse_of(finding: dict[str, object]) -> tuple[str, str] | None:
    """The entry of EXCUSED that covers a finding."""
    for kind, place in EXCUSED:
        if finding["test_id"] == kind and str(finding["filename"]).startswith(place):
            return kind, place
    return None


def main() -> int:
    needed, open_ones = set(), []
    for finding in findings():
        if is_noted(finding, (ROOT / str(finding["filename"])).read_text()):
            continue
        excuse = excuse_of(finding)
        needed.add(excuse)
        if excuse is None:
            open_ones.append(finding)
    for one in open_ones:
        print(f"{one['filename']}:{one['line_number']}: {one['test_id']} {one['issue_text']}")
    idle = set(EXCUSED) - needed
    for kind, place in sorted(idle):
        print(f"{place}: {kind} is excused, and nothing needs it any more")
    return 1 if open_ones or idle else 0


if __name__ == "__main__":
    sys.exit(main())
