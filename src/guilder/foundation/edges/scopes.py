"""What is counted apart, by whom, and how much of it is allowed unless a setting says else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

PREFIX = "GUILDER_THROTTLE_"


@dataclass(frozen=True, slots=True)
class Scope:
    """One counter: its rate out of the box, and what counts for whom."""

    rate: str
    what: str


SCOPES = {
    "anon": Scope("10/day", "calls of the API without a valid sign-in, by address"),
    "user": Scope("1000/day", "calls of the API by token, by person; keys by their own plan"),
    "login": Scope("5/minute", "attempts to sign in, by address"),
    "pair": Scope("5/minute", "attempts to sign in, by address and account together"),
    "letter": Scope("5/hour", "mails with a link to sign in by, by the address they go to"),
    "account": Scope("50/minute", "attempts to sign in, by account, from everywhere"),
    "secret": Scope("10/minute", "wrong keys, tokens and links, by address"),
    "page": Scope("600/minute", "pages, and the API under a browser's session, by person"),
    "upload": Scope("120/minute", "forms with files, by person or link"),
    "export": Scope("30/minute", "files that are made for somebody, by person"),
    "portal": Scope("120/minute", "pages of clients under a link, by address"),
    "hook": Scope("600/minute", "signed calls of services to us, by address"),
    "live": Scope("120/minute", "new event streams of open pages, by person"),
    "report": Scope("30/minute", "reports of browsers about the policy, by address"),
}


def rates(environment: Mapping[str, str]) -> dict[str, str]:
    """Scope → rate: GUILDER_THROTTLE_<SCOPE> where it is given, else the one out of the box."""
    return {
        name: environment.get(f"{PREFIX}{name.upper()}") or scope.rate
        for name, scope in SCOPES.items()
    }


def unknown(environment: Mapping[str, str]) -> Iterator[str]:
    """Names of settings that look like a throttle's and are none."""
    known = {f"{PREFIX}{name.upper()}" for name in SCOPES}
    yield from sorted(name for name in environment if name.startswith(PREFIX) and name not in known)


def as_markdown() -> str:
    """The table of the docs."""
    rows = [
        f"| `{PREFIX}{name.upper()}` | {scope.rate} | {scope.what} |"
        for name, scope in SCOPES.items()
    ]
    return "\n".join(["| setting | out of the box | counts |", "|---|---|---|", *rows])
