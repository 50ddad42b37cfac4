"""The first steps: what the last of them asks for."""

from types import SimpleNamespace
from typing import Any

import pytest

from guilder.faces.web.overview import checklist


def test_the_last_step_is_how_clients_pay_once_there_is_a_page_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there: set[str] = set()
    monkeypatch.setattr(checklist, "address_of", lambda name: f"/{name}/" if name in there else "")
    visit: Any = SimpleNamespace(by=None)
    server = SimpleNamespace(server="none")
    monkeypatch.setattr(checklist.mails, "get_mail_settings", lambda by: server)

    assert checklist.step("payment", done=False)["label"].endswith("payment links go out")
    assert not checklist.can_be_paid_online(visit)
    server.server = "own"
    assert checklist.can_be_paid_online(visit)

    there.add(checklist.GATEWAYS)
    gateways: list[Any] = [SimpleNamespace(is_active=False)]
    monkeypatch.setattr(checklist.charging, "list_gateways", lambda by: gateways)
    told = checklist.step("payment", done=False)
    assert told["label"] == "Choose how clients can pay"
    assert told["url"] == f"/{checklist.GATEWAYS}/"
    assert not checklist.can_be_paid_online(visit)
    gateways.append(SimpleNamespace(is_active=True))
    assert checklist.can_be_paid_online(visit)
