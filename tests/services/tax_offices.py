"""VIES and HMRC as their public documentation describes them; ours, for the tests."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class TaxOffices:
    """`valid` ids with name and address; `trouble` is what VIES answers instead."""

    valid: dict[str, tuple[str, str]] = field(default_factory=dict)
    trouble: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    server: Any = None

    @property
    def base(self) -> str:
        """Where both answer."""
        return f"http://127.0.0.1:{self.server.server_port}"

    def vies(self, question: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """POST check-vat-number."""
        self.asked.append(question)
        if self.trouble:
            return 200, {"actionSucceed": False, "errorWrappers": [{"error": self.trouble}]}
        number = question["countryCode"] + question["vatNumber"]
        name, address = self.valid.get(number, ("---", "---"))
        asked_by = question.get("requesterNumber")
        return 200, {
            "countryCode": question["countryCode"],
            "vatNumber": question["vatNumber"],
            "requestDate": "2026-11-21T09:00:00.000Z",
            "valid": number in self.valid,
            "requestIdentifier": "WAPIAAAAYz1" if asked_by else "",
            "name": name,
            "address": address,
        }

    def hmrc(self, path: str, token: str) -> tuple[int, dict[str, Any]]:
        """GET organisations/vat/check-vat-number/lookup/…"""
        if token != "Bearer fake-token":
            return 401, {"code": "MISSING_CREDENTIALS"}
        target, *requester = path.partition("/lookup/")[2].split("/")
        self.asked.append({"target": target, "requester": requester})
        if f"GB{target}" not in self.valid:
            return 404, {"code": "NOT_FOUND", "message": "targetVrn does not match"}
        name, address = self.valid[f"GB{target}"]
        found: dict[str, Any] = {
            "target": {"name": name, "vatNumber": target, "address": {"line1": address}},
            "processingDate": "2026-11-21T09:00:00+00:00",
        }
        if requester:
            found |= {"requester": requester[0], "consultationNumber": "uk-1"}
        return 200, found

    def __enter__(self) -> "TaxOffices":
        office = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path == "/oauth/token":
                    good = b"client_secret=hush" in body
                    self.say(200 if good else 401, {"access_token": "fake-token"} if good else {})
                else:
                    self.say(*office.vies(json.loads(body)))

            def do_GET(self) -> None:
                self.say(*office.hmrc(self.path, self.headers.get("Authorization", "")))

            def say(self, status: int, told: dict[str, Any]) -> None:
                body = json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


@contextmanager
def asked_here(monkeypatch: Any) -> Iterator[TaxOffices]:
    """Tax offices that know one firm each, and are the ones that Guilder asks."""
    known = {
        "FR40303265045": ("SA SODIMAS", "137 RUE DE L'UNIVERSITE 69007 LYON"),
        "GB980780684": ("SPOTIFY LTD", "1 High St"),
    }
    from django.conf import settings

    with TaxOffices(valid=known) as offices:
        for name, value in (
            *(("VIES_URL", offices.base), ("HMRC_URL", offices.base)),
            *(("HMRC_ID", "app"), ("HMRC_SECRET", "hush")),
        ):
            monkeypatch.setattr(settings, name, value)
        monkeypatch.setenv("GUILDER_OUTBOUND_ALLOW", f"127.0.0.1:{offices.server.server_port}")
        yield offices
