"""The `guilder` program: versions, help, refusals and exit codes."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from guilder import __version__

Run = Callable[..., "subprocess.Popen[str]"]
PROGRAM = ("-m", "guilder.faces.cli.main")


def test_version_is_told_to_people_and_programs(run: Run) -> None:
    assert run(*PROGRAM, "version").communicate()[0].startswith(f"Guilder {__version__} (Python ")
    told = json.loads(run(*PROGRAM, "version", "--json").communicate()[0])
    assert told["guilder"] == __version__
    assert told["postgresql"].startswith("18.")


def test_help_names_every_command_without_importing_any(run: Run) -> None:
    told = run(*PROGRAM, "--help").communicate()[0]

    for name in ("up", "web", "worker", "scheduler", "database", "migrate", "doctor", "version"):
        assert name in told


def test_wrong_usage_is_exit_code_2(run: Run) -> None:
    process = run(*PROGRAM, "no-such-command")

    assert "No such command" in process.communicate()[1]
    assert process.returncode == 2


def test_a_fault_is_one_sentence_and_exit_code_1(home: Path, run: Run) -> None:
    home.write_text("a file")
    process = run(*PROGRAM, "database", "--data", str(home))
    told = process.communicate()[1]

    assert process.returncode == 1
    assert told.startswith("✗ ")
    assert "is a file where a folder is needed" in told
    assert "Traceback" not in told


def test_the_doctor_finds_a_new_home_well_enough_to_migrate(home: Path, run: Run) -> None:
    process = run(*PROGRAM, "doctor", "--json", "--data", str(home))
    told = json.loads(process.communicate()[0])
    checks = {check["name"]: check["state"] for check in told["checks"]}

    assert process.returncode == 1  # no tables yet
    assert told["ok"] is False
    assert checks["tables"] == "bad"
    assert {checks[name] for name in ("python", "settings", "data folder", "fonts", "clock",
                                      "database")} == {"good"}  # fmt: skip


def test_the_doctor_tells_unsafe_settings(home: Path, run: Run) -> None:
    process = run(*PROGRAM, "doctor", "--data", str(home), SECRET_KEY="short")
    told = process.communicate()[0]

    assert process.returncode == 1
    assert "✗ settings" in told
    assert "SECRET_KEY can be guessed" in told
