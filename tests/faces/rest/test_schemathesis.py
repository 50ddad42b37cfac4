"""Schemathesis tries every described operation against the running application."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faces.rest.schemathesis_exclusions import CHECKS, OPERATIONS
from tests.faces.rest.speaking import Speaker
from tests.stories.running import is_full_size
from tests.uncounted import uncounted

SECONDS = 600 if is_full_size() else 25


@pytest.mark.slow
@pytest.mark.timeout(SECONDS * 6)
def test_no_generated_request_finds_a_fault(served: str, alice: Speaker, tmp_path: Path):
    key = alice.ok("POST", "keys/", {"name": "Schemathesis", "plan": "off"})["secret"]
    command = [
        str(Path(sys.executable).with_name("st")),
        f"--config-file={Path(__file__).with_name('schemathesis.toml')}",
        "run",
        f"{served}/api/v1/openapi.json",
        f"--header=Authorization:Bearer {key}",
        "--checks=all",
        f"--exclude-checks={','.join(CHECKS)}",
        *(f"--exclude-operation-id={name}" for name in OPERATIONS),
        "--phases=examples,coverage,fuzzing",
        "--max-examples=4",
        f"--max-time={SECONDS}",
        "--seed=20261120",
        "--workers=1",  # Python 3.11 cannot parse in two threads at once
        "--continue-on-failure",
        "--suppress-health-check=all",
        "--no-color",
        "--warnings=off",
    ]

    done = subprocess.run(
        command,
        cwd=tmp_path,
        env=uncounted(os.environ),
        capture_output=True,
        text=True,
        timeout=SECONDS * 5,
        check=False,
    )

    (tmp_path / "schemathesis.txt").write_text(done.stdout)

    assert done.returncode == 0, done.stdout[-12_000:] + done.stderr[-2_000:]
