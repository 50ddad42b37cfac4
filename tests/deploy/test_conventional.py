"""The way that every Django developer knows, on a fresh environment: pip, migrate, runserver.

By default uv installs, where it is present: it reads the same file in a tenth of pip's time. A proof
has pip itself do it.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy import started
from tests.deploy.test_nginx import free_port
from tests.stories.running import is_full_size

ROOT = Path(__file__).parents[2]
UV = Path(sys.executable).parent / "uv"

pytestmark = pytest.mark.slow


def preparing(environment: Path) -> list[tuple[str | Path, ...]]:
    """What makes an environment and installs the requirements into it."""
    python = environment / "bin/python"
    if is_full_size() or not UV.exists():
        make = (sys.executable, "-m", "venv", environment)
        return [make, (python, "-m", "pip", "install", "--quiet", "-r", "requirements.txt")]
    make = (UV, "venv", "--quiet", "--python", sys.executable, environment)
    put = (UV, "pip", "install", "--quiet", "--python", python, "-r", "requirements.txt")
    return [make, put]


@pytest.mark.timeout(600)
def test_requirements_migrate_createsuperuser_runserver(tmp_path: Path) -> None:
    clone, environment = tmp_path / "guilder", tmp_path / "venv"
    python = environment / "bin/python"
    settings = {
        "GUILDER_HOME": str(tmp_path / "home"),
        "DJANGO_SUPERUSER_EMAIL": "first@guilder.example",
        "DJANGO_SUPERUSER_PASSWORD": "a long and private sentence",  # secret-scan: example
        "DJANGO_SUPERUSER_NAME": "First",
        "DEBUG": "1",
    }

    def run(*command: str | Path) -> None:
        done = subprocess.run(
            command,
            cwd=clone if clone.exists() else tmp_path,
            env=started.surroundings(**settings),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    run("git", "clone", "--quiet", str(ROOT), str(clone))
    for command in preparing(environment):
        run(*command)
    run(python, "manage.py", "migrate", "--verbosity", "0")
    run(python, "manage.py", "createsuperuser", "--noinput")

    port, log = free_port(), tmp_path / "runserver.log"
    command = (python, "manage.py", "runserver", "--noreload", str(port))
    with started.program(*command, cwd=clone, log=log, **settings) as process:
        started.wait_until_ready(port, process, log)
        status, page = started.get(port, "/sign-in/")

    assert status == 200
    assert b"<form" in page
