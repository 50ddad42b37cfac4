"""The files that belong to the repository."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = {".git", ".venv", ".cache", "node_modules", "var", "build", "dist", "__pycache__"}


def tracked() -> list[Path]:
    """Every file that is in the repository or about to be; of an unpacked archive, every file."""
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0:
        names = [name for name in listed.stdout.decode().split("\0") if name]
        return [path for path in map(ROOT.joinpath, names) if path.is_file()]
    found = (path for path in ROOT.rglob("*") if path.is_file())
    return [path for path in found if not LEFT_OUT & set(path.relative_to(ROOT).parts)]


def texts() -> list[tuple[str, str]]:
    """(name, text) of every tracked file that is text."""
    result = []
    for path in tracked():
        data = path.read_bytes()
        if b"\0" in data[:8192]:
            continue
        try:
            result.append((path.relative_to(ROOT).as_posix(), data.decode()))
        except UnicodeDecodeError:
            continue
    return result
