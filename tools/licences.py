"""Nothing that is needed to run Guilder stands under GPL or AGPL.

Looks at every package in the lock files that running needs. What a package declares is
read from its own metadata; a package that declares nothing readable must be named in KNOWN with the
licence of its source.
With --list, every package and its licence.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

from lock import pins

ROOT = Path(__file__).resolve().parent.parent
KNOWN = {
    # The wheel declares nothing; each source file of SaxonC-HE says in its head that it is under
    # the Mozilla Public License 2.0 (saxonc-core.h in the publisher's documentation).
    "saxonche": "MPL-2.0",
}
LOCKS = ("requirements.lock", "requirements-rules.lock", "requirements-bare.lock")
STRONG = re.compile(r"(?<![A-Za-z])A?GPL|GNU (?:Affero )?General Public", re.IGNORECASE)
UNREADABLE = {"", "UNKNOWN"}


def acceptable(licence: str) -> bool:
    """Whether one of the alternatives that `licence` offers is neither GPL nor AGPL.

    LGPL is fine: its packages are used unchanged, as libraries.
    """
    if licence.strip().upper() in UNREADABLE:
        return False
    alternatives = re.split(r"\s+OR\s+", licence)
    return any(not STRONG.search(alternative) for alternative in alternatives)


def declared() -> dict[str, str]:
    """Package name → licence, for every installed package that running needs."""
    lock = "\n".join((ROOT / name).read_text() for name in LOCKS)
    names = [re.split(r"[=\s]", pin, maxsplit=1)[0] for pin in pins(lock)]
    tool = str(Path(sys.executable).parent / "pip-licenses")
    command = [tool, "--from=mixed", "--format=json", "--packages", *names]
    listed = subprocess.run(command, capture_output=True, text=True, check=True)
    return {row["Name"]: row["License"] for row in json.loads(listed.stdout)}


def main() -> int:
    licences = declared() | KNOWN
    if "--list" in sys.argv:
        print("".join(f"{name}: {licence}\n" for name, licence in sorted(licences.items())), end="")
        return 0
    refused = {name: licence for name, licence in licences.items() if not acceptable(licence)}
    for name, licence in sorted(refused.items()):
        print(f"{name}: {licence or 'no licence'}: not for running Guilder")
    print(f"{len(licences)} packages, {len(refused)} refused")
    return 1 if refused or not licences else 0


if __name__ == "__main__":
    sys.exit(main())
