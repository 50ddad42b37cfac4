"""What tests of channels share: folders of their own, the loopback, and two that deal."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests import make
from tests.make import World

ENDPOINT = {"scheme": "endpoint", "code": "0088", "value": "4035811991014"}


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, settings: Any) -> Path:
    """Channels of the kind “folder” lie in a folder of this test."""
    settings.CHANNEL_FOLDERS = str(tmp_path / "channels")
    return tmp_path / "channels"


@pytest.fixture
def settings() -> Any:
    """Django's settings, set back after the test."""
    from django.conf import settings as real
    from django.test import override_settings

    changed: list[override_settings] = []

    class Setter:
        def __setattr__(self, name: str, value: Any) -> None:
            one = override_settings(**{name: value})
            one.enable()
            changed.append(one)

        def __getattr__(self, name: str) -> Any:
            return getattr(real, name)

    yield Setter()
    for one in reversed(changed):
        one.disable()


@pytest.fixture
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator allows servers on this machine."""
    monkeypatch.setenv("GUILDER_OUTBOUND_ALLOW", "127.0.0.0/8, ::1/128")


@pytest.fixture
def channel() -> Callable[..., Any]:
    """Makes a channel: channel(by, "folder", after="delete")."""

    def made(by: Any, transport: str, *, name: str = "", **settings: Any) -> Any:
        from guilder.office.channels import operations

        data = {"name": name or transport, "transport": transport, "settings": settings}
        return operations.create_channel(by=by, data=data, at=make.NOW)[0]

    return made


@pytest.fixture
def agreed() -> Callable[..., Any]:
    """A client who gets documents by a channel: agreed(by, channel, name="peppol")."""

    def made(by: Any, channel: Any, *, name: str = "xrechnung-ubl", address: str = "") -> Any:
        from guilder.office.channels import operations

        client = make.client(by)
        data = {"channel": str(channel.id), "address": address, "format": name}
        operations.set_agreement(client.id, by=by, data=data, at=make.NOW)
        return client

    return made


@pytest.fixture
def system(world: World) -> Any:
    """The house at work for Alice's organization."""
    from guilder.foundation.identity import operations as identity

    return identity.system_actor(world.alice.organization_id, "job")


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch, loopback: None) -> None:
    """What a channel posts arrives at this very installation, as by the network."""
    from guilder.foundation.edges import outbound

    def request(method: str, url: str, **call: Any) -> outbound.Reply:
        head = dict(call.get("headers") or {})
        media = head.pop("Content-Type", "application/octet-stream")
        path = "/" + url.split("/", 3)[3]
        answer = Client(SERVER_NAME="localhost").generic(
            method, path, call.get("body", b""), content_type=media, headers=head
        )
        return outbound.Reply(answer.status_code, {}, answer.content)

    monkeypatch.setattr(outbound, "request", request)
