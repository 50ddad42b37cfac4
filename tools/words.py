"""Words that do not belong in this repository: paths of one machine, registry hosts, loose ends."""

import re
import sys

from files import texts

# Written with classes such as [k], so that this file does not find itself.
FORBIDDEN = {
    "a path of one machine": re.compile(
        r"(?<![\w.$}])/(?:wor[k]|far[m]|hom[e]/[a-z]+|opt/pyp[i])/"
    ),
    "a registry host": re.compile(r"pythonhos[t]ed|pyp[i]\.org|npm[j]s\.(?:org|com)"),
    "how the work is staffed": re.compile(r"\bsuba[g]ent|\bCE[O]\b"),
    "a loose end": re.compile(r"\b(?:TOD[O]|FIXM[E]|HAC[K])\b|raise NotImplemented[E]rror"),
    "a broken merge": re.compile(r"^(?:<{7} |={7}$|>{7} )", re.MULTILINE),
}
# Built or fetched texts that nobody here writes.
FOREIGN = re.compile(r"\.lock$|/static/.*\.(?:js|css)$|\.svg$|^LICENSE$|/OFL")


def faults(name: str, text: str) -> list[str]:
    """One line for each forbidden word in `text`."""
    found = []
    for what, pattern in FORBIDDEN.items():
        for match in pattern.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            found.append(f"{name}:{line}: {what}: {match.group(0).strip()!r}")
    return found


def main() -> int:
    found = [
        fault for name, text in texts() if not FOREIGN.search(name) for fault in faults(name, text)
    ]
    print("\n".join(found) or "no word that does not belong")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
