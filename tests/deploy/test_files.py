"""The other files of deploy/: whole, well formed, and naming only what exists."""

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
COMPOSE = sorted(DEPLOY.glob("compose.*.yaml"))
VERBS = {"up", "web", "worker", "scheduler", "migrate"}


def test_there_are_units_and_compose_files() -> None:
    assert {unit.stem for unit in UNITS} == {
        "guilder",
        "guilder-web",
        "guilder-worker",
        "guilder-scheduler",
    }
    assert len(COMPOSE) == 2


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_systemd_accepts_the_unit(unit: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    copy = tmp_path / unit.name
    copy.write_text(unit.read_text().replace("/opt/guilder/bin/guilder", "/bin/true"))

    told = subprocess.run(
        ["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False
    )

    ours = [line for line in told.stderr.splitlines() if unit.name in line]
    assert not ours and told.returncode == 0


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_units_call_verbs_that_exist(unit: Path) -> None:
    called = re.findall(r"/opt/guilder/bin/guilder (\w+)", unit.read_text())

    assert called
    assert set(called) <= VERBS


@pytest.mark.parametrize("name", COMPOSE, ids=lambda path: path.stem)
def test_compose_files_are_whole(name: Path) -> None:
    content = yaml.safe_load(name.read_text())
    services = content["services"]

    for service, entry in services.items():
        assert "image" in entry, service
        for needed in entry.get("depends_on", {}):
            assert needed in services, (service, needed)
        for place in entry.get("volumes", []):
            source = place.split(":")[0]
            if source.startswith("./"):
                assert (DEPLOY / source).exists(), place
            elif not source.startswith("$"):
                assert source in content["volumes"], place
        if str(entry["image"]).startswith(("guilder", "${GUILDER_IMAGE")):
            assert entry["command"][0] in VERBS, service


def test_only_the_migration_gets_the_owners_address_in_production() -> None:
    services = yaml.safe_load((DEPLOY / "compose.production.yaml").read_text())["services"]

    holders = [
        n for n, s in services.items() if "GUILDER_OWNER_DATABASE_URL" in s.get("environment", {})
    ]

    assert holders == ["migrate"]


def test_production_publishes_the_proxy_and_nothing_else() -> None:
    services = yaml.safe_load((DEPLOY / "compose.production.yaml").read_text())["services"]

    assert [name for name, service in services.items() if service.get("ports")] == ["proxy"]


def test_every_name_of_the_production_file_is_in_its_example() -> None:
    used = set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / "compose.production.yaml").read_text()))
    offered = set(re.findall(r"^([A-Z_]+)=", (DEPLOY / "production.env.example").read_text(), re.M))

    assert used == offered


def test_supervisord_runs_the_three_parts() -> None:
    parser = configparser.RawConfigParser(inline_comment_prefixes=(" ;",))
    parser.read(DEPLOY / "supervisord.conf")

    commands = {
        section: shlex.split(parser.get(section, "command"))[1]
        for section in parser.sections()
        if section.startswith("program:")
    }

    assert commands == {
        "program:web": "web",
        "program:worker": "worker",
        "program:scheduler": "scheduler",
    }


def test_the_image_copies_what_exists_and_does_not_run_as_root() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    copied = [
        line.split()[1:-1] for line in text.splitlines() if re.match(r"COPY (?!--from)", line)
    ]

    assert copied
    assert all((ROOT / source).exists() for line in copied for source in line)
    assert re.search(r"^USER guilder$", text, re.M)
    assert "--require-hashes" in text
