"""Mails whose headers nobody should send: what they enclose is found all the same."""

import pytest

from guilder.flows.intake.enclosures import enclosed, opened, sender_of

BODY = (
    b'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: application/xml\n'
    b'Content-Disposition: attachment; filename="bill.xml"\n\n<a/>\n--b--\n'
)


@pytest.mark.parametrize(
    ("head", "sender"),
    [
        (b"From: Orchard <bills@orchard.example>\n", "bills@orchard.example"),
        (b"From: =?utf-8?q?Obstgarten?= <a@b.example>\n", "a@b.example"),
        (b'From:age-ID: <1@orc\x9b\x9b\x9bype: tex9; name*1="(xml"\n', None),
        (b"From: \n", ""),
        (b"", ""),
    ],
)
def test_any_sender_is_read_or_left_open(head: bytes, sender: str | None) -> None:
    message = opened(head + BODY)

    assert enclosed(message) == [("bill.xml", b"<a/>")]
    assert isinstance(sender_of(message), str)
    assert sender is None or sender_of(message) == sender
