"""A guard that is taken away is missed: a sample here, each of them by `make prove NAME=guards`."""

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.attacks.guards import GUARDS

ROOT = Path(__file__).resolve().parents[2]
SAMPLED = [name for name, guard in GUARDS.items() if guard.is_pure]


@pytest.mark.parametrize("name", GUARDS)
def test_a_guard_stands_where_it_is_said_to(name: str) -> None:
    module, _, path = GUARDS[name].place.partition(":")
    owner = importlib.import_module(module)
    for part in path.split("."):
        owner = getattr(owner, part)
    file, _, test = GUARDS[name].test.partition("::")

    assert callable(owner)
    assert f"def {test}(" in (ROOT / file).read_text()


@pytest.mark.parametrize("name", SAMPLED)
def test_without_its_guard_a_test_goes_red(name: str) -> None:
    """Without a database, so that it is quick."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-x",
            "-p",
            "tests.attacks.guards",
            GUARDS[name].test,
        ],
        cwd=ROOT,
        env={**os.environ, "GUILDER_PURE": "1", "GUILDER_GUARD_OFF": name},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1, done.stdout[-2000:] + done.stderr[-2000:]
    assert "failed" in done.stdout
