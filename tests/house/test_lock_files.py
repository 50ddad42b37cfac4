"""The lock files: every dependency pinned and hashed, no address in them, one set of versions."""

import json
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import lock  # noqa: E402  (tools/ is not a package)

LOCKS = (
    "requirements.lock",
    "requirements-dev.lock",
    "requirements-rules.lock",
    "requirements-bare.lock",
    "tools/installer.lock",
)


def text(name: str) -> str:
    return (ROOT / name).read_text()


def versions(name: str) -> dict[str, str]:
    """Package → version of a lock file."""
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s\\;]+)", text(name), re.M))


def names(requirements: list[str]) -> set[str]:
    found = (re.match(r"[A-Za-z0-9._-]+", requirement) for requirement in requirements)
    return {re.sub(r"[._-]+", "-", match.group(0)).lower() for match in found if match}


def test_every_pin_has_a_hash() -> None:
    for name in LOCKS:
        blocks = re.split(r"\n(?=[A-Za-z0-9])", text(name))
        assert not [
            block.split()[0] for block in blocks if "==" in block and "--hash=sha256:" not in block
        ]


def test_no_lock_file_holds_an_address() -> None:
    for name in (*LOCKS, "requirements.txt"):
        assert not re.search(r"https?://|--index|--find-links|@ file:", text(name)), name


def test_what_pyproject_asks_for_is_locked() -> None:
    project = tomllib.loads(text("pyproject.toml"))
    asked = list(project["project"]["dependencies"])
    for extra in project["project"]["optional-dependencies"].values():
        asked += extra

    assert names(asked) <= set(versions("requirements.lock"))
    assert names(project["dependency-groups"]["dev"]) <= set(versions("requirements-dev.lock"))


def test_developing_uses_the_versions_that_running_uses() -> None:
    running, developing = versions("requirements.lock"), versions("requirements-dev.lock")

    assert {name: developing.get(name) for name in running} == running


def test_the_conventional_file_is_the_lock_without_hashes() -> None:
    assert text("requirements.txt") == lock.conventional(text("requirements.lock"))


def test_the_lock_of_rules_names_what_the_code_reads() -> None:
    assert text("requirements-rules.lock") == lock.releases.as_lock()
    asked = set(versions("requirements.lock")) | set(versions("requirements-dev.lock"))
    assert not asked & set(versions("requirements-rules.lock"))


def test_the_front_ends_lock_holds_no_address() -> None:
    path = ROOT / "frontend/package-lock.json"
    packages = json.loads(path.read_text())["packages"]

    assert not [name for name, entry in packages.items() if "resolved" in entry]
