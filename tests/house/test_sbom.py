"""The list of what Guilder is made of has every pin, its hashes and its licence."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import sbom  # noqa: E402  (found by the line above)

LOCK = f"""
--only-binary :all:
Django==5.2.19 \\
    --hash=sha256:{"a" * 64} \\
    --hash=sha256:{"b" * 64}
psycopg[binary,pool]==3.3.9 ; python_version >= "3.11" \\
    --hash=sha256:{"c" * 64}
typing_extensions==4.15.0 --hash=sha256:{"d" * 64}
"""


def test_each_pin_is_a_component_with_its_hashes() -> None:
    found = sbom.components(LOCK, {"django": "BSD-3-Clause"})

    assert [one["purl"] for one in found] == [
        "pkg:pypi/django@5.2.19",
        "pkg:pypi/psycopg@3.3.9",
        "pkg:pypi/typing-extensions@4.15.0",
    ]
    assert [len(one["hashes"]) for one in found] == [2, 1, 1]
    assert found[0]["licenses"] == [{"license": {"name": "BSD-3-Clause"}}]
    assert "licenses" not in found[1]


def test_our_own_lock_file_is_read_whole() -> None:
    lock = (ROOT / "requirements.lock").read_text()

    found = sbom.components(lock, {})

    assert len(found) == sum("==" in line for line in lock.splitlines() if line[:1].isalnum())
    assert all(one["hashes"] for one in found)
