"""Secrets that somebody may have written down: keys, tokens, passwords in addresses.

A line that only looks like one says so: `secret-scan: example`.
"""

import re
import sys

from files import texts

EXCUSED = "secret-scan: example"
PATTERNS = {
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    "an AWS key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a GitHub token": re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_\w{50,}"),
    "a GitLab token": re.compile(r"\bglpat-[\w-]{20,}"),
    "a Slack token": re.compile(r"\bxox[abprs]-[\w-]{10,}"),
    "a Stripe key": re.compile(r"\b[rs]k_live_[A-Za-z0-9]{16,}"),
    "a Google key": re.compile(r"\bAIza[\w-]{35}\b"),
    "a Sentry address": re.compile(r"https://[0-9a-f]{32}@"),
    "a signed token": re.compile(r"\beyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{20,}"),
    "a mail app password": re.compile(
        r"PASSWORD\s*[=:]\s*[\"']?[a-z]{4} [a-z]{4} [a-z]{4} [a-z]{4}\b"
    ),
    "a registry token": re.compile(r"\b(?:npm_[A-Za-z0-9]{36}|pypi-AgE[\w-]{50,})"),
}


def faults(name: str, text: str) -> list[str]:
    """One line for each thing in `text` that looks like a secret, without showing it."""
    lines = text.splitlines()
    found = []
    for number, line in enumerate(lines, start=1):
        if EXCUSED in line:
            continue
        found += [
            f"{name}:{number}: {what}" for what, pattern in PATTERNS.items() if pattern.search(line)
        ]
    return found


def main() -> int:
    found = [fault for name, text in texts() for fault in faults(name, text)]
    print("\n".join(found) or "no secret found")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
