"""Words that people write: never a program, never a page of theirs in ours."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from guilder.kernel.errors import Invalid
from guilder.office.dispatch import operations as dispatch
from tests import make
from tests.make import NOW, World

INJECTED = [
    "{{ 7 * 7 }}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{% debug %}", "{{ settings.SECRET_KEY }}",
    "{{ ''.__class__.__mro__ }}", "{0.__class__}", "{invoice.__class__.__init__.__globals__}",
    "%(password)s", "{{ request }}", "{% include '/etc/passwd' %}", "{number!r}", "{number:>99999}",
]  # fmt: skip


@pytest.mark.parametrize("text", INJECTED)
def test_words_of_mails_know_their_placeholders_and_nothing_else(text: str, world: World):
    """Row E1: what is outside the vocabulary is refused, or stays the text that it is."""
    client = make.client(world.alice, name=f"Acme {text}"[:100])
    invoice = make.issued_invoice(world.alice, client=str(client.id), notes=text)

    mail = dispatch.send_paper(invoice.id, by=world.alice, at=NOW, message=text)

    said = f"{mail.subject}\n{mail.text}"
    assert text in mail.text, "what a person wrote stays as they wrote it"
    assert "<class" not in said
    assert settings.SECRET_KEY not in said


@pytest.mark.parametrize("text", [one for one in INJECTED if one.startswith("{")])
def test_a_template_of_ones_own_takes_the_vocabulary_only(text: str, world: World):
    """Row E1: no filter, attribute, format or tag is taken in the words of mails."""
    for field in ("subject", "text"):
        words = {"subject": "Invoice {number}", "text": "Hello", field: f"x {text} x"}
        try:
            dispatch.set_template(
                by=world.alice, data={"kind": "invoice", "language": "en", **words}
            )
        except Invalid:
            continue
        invoice = make.issued_invoice(world.alice)
        mail = dispatch.send_paper(invoice.id, by=world.alice, at=NOW)
        assert "49" not in f"{mail.subject}{mail.text}".replace(invoice.number or "-", "")
        assert "class" not in mail.subject.replace("__class__", "")


def test_links_in_mails_follow_the_setting_not_the_request(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    """Row G6: whatever host a request claims, it is refused or changes nothing."""
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["localhost"])
    for host in ("evil.test", "localhost.evil.test", "localhost:80@evil.test", "evil.test:8000"):
        answer = Client(raise_request_exception=False).get("/sign-in/", HTTP_HOST=host)
        assert answer.status_code == 400, host
    forwarded: Any = Client(SERVER_NAME="localhost").get(
        "/sign-in/", HTTP_X_FORWARDED_HOST="evil.test", HTTP_X_ORIGINAL_URL="http://evil.test/"
    )
    assert "evil.test" not in forwarded.content.decode()
