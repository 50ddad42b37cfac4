"""What Guilder is made of, as CycloneDX 1.5: each package of the lock file, its hashes and licence.

`python tools/sbom.py > sbom.json`. Nothing is asked of the network.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

from licences import KNOWN, declared

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def components(lock: str, licences: dict[str, str]) -> list[dict[str, Any]]:
    """One entry for each pin of a lock file, by name."""
    known = {plain(name): licence for name, licence in licences.items()}
    starts = [*PIN.finditer(lock)]
    ends = [*(one.start() for one in starts[1:]), len(lock)]
    found = []
    for one, end in zip(starts, ends, strict=True):
        name, version = plain(one[1]), one[2]
        entry: dict[str, Any] = {
            "type": "library",
            "bom-ref": f"pkg:pypi/{name}@{version}",
            "name": name,
            "version": version,
            "purl": f"pkg:pypi/{name}@{version}",
            "hashes": [
                {"alg": "SHA-256", "content": digest}
                for digest in HASH.findall(lock[one.start() : end])
            ],
        }
        if licence := known.get(name):
            entry["licenses"] = [{"license": {"name": licence}}]
        found.append(entry)
    return sorted(found, key=lambda entry: entry["name"])


def plain(name: str) -> str:
    """A package's name as PyPI compares it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def bill(version: str) -> dict[str, Any]:
    """The whole list."""
    lock = (ROOT / "requirements.lock").read_text()
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": f"pkg:pypi/guilder@{version}",
                "name": "guilder",
                "version": version,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": components(lock, declared() | KNOWN),
    }


def main() -> int:
    source = (ROOT / "src/guilder/__init__.py").read_text()
    version = re.search(r'__version__ = "([^"]+)"', source)
    json.dump(bill(version[1] if version else "0"), sys.stdout, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
